def handle(client):
    data = client.recv(1024)
    while data:
        client.send("好".encode("gbk"))
        return
