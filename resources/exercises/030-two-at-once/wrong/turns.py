def handle(client):
    client.recv(1024)
    client.send("好".encode("gbk"))
