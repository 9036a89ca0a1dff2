def handle(client):
    while data := client.recv(1024):
        if data == "再见\n".encode("gbk"):
            client.close()
            return
        client.send("好\n".encode("gbk"))
