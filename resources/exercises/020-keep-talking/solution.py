def handle(client):
    while data := client.recv(1024):
        print("收到", data)
        client.send("好".encode("gbk"))
