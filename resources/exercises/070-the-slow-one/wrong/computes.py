def handle(client):
    while data := client.recv(1024):
        if data == "慢\n".encode("gbk"):
            client.send("算完\n".encode("gbk"))
        else:
            client.send("好\n".encode("gbk"))
