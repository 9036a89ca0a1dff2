def handle(client):
    data = client.recv(1024)
    print("收到", data)
    client.send("交易正在处理".encode("gbk"))
