def handle(client):
    client.recv(1024)
    client.send("交易正在处理".encode("utf-8"))
