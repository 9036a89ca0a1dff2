online = 0


def handle(client):
    global online
    online += 1
    while data := client.recv(1024):
        client.send(f"{online}\n".encode())
    online -= 1
