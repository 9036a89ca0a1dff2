def handle(client):
    client.send("交易正在处理".encode("gbk"))
    client.recv(1024)
