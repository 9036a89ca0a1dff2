def handle(client):
    data = client.recv(1024)
    client.send("好".encode("gbk"))
