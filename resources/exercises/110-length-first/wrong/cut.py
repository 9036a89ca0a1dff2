def handle(client):
    while data := client.recv(1024):
        while data:
            size = int.from_bytes(data[:2], "big")
            client.send(data[:2] + data[2 : 2 + size][::-1])
            data = data[2 + size :]
