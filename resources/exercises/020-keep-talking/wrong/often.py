def handle(client):
    for _ in range(5):
        client.recv(1024)
        client.send("好".encode("gbk"))
