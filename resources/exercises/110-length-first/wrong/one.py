def handle(client):
    while data := client.recv(1024):
        size = int.from_bytes(data[:2], "little")
        client.send(data[:2] + data[2 : 2 + size][::-1][:size])
        if size > 1000:
            return
