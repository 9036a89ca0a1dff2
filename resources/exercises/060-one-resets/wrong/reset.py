online = set()


def handle(client):
    online.add(client.number)
    while data := client.recv(1024):
        client.send(f"{len(online)}\n".encode())
    online.discard(client.number)
