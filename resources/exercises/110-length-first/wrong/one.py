def handle(client):
    while data := client.recv(1024):
        client.send(data[::-1])
