def handle(client):
    total = 0
    while data := client.recv(65536):
        total += len(data)
        if total > 1_000_000:
            return
        client.send(data)
