def handle(client):
    while data := client.recv(1024):
        size = int.from_bytes(data[:2], "big")
        content = data[2 : 2 + size]
        client.send(data[:2] + content[::-1])
