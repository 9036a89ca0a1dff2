def handle(client):
    client.recv(1024)
