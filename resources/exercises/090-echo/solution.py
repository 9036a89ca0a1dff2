def handle(client):
    while data := client.recv(65536):
        client.send(data)
