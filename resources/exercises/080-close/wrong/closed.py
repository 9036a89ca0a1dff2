def handle(client):
    while True:
        data = client.recv(1024)
        if data == "再见\n".encode("gbk"):
            client.send(data)
        elif data:
            client.send("好\n".encode("gbk"))
    client.close()
