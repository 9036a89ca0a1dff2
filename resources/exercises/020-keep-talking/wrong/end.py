def handle(client):
    while True:
        data = client.recv(1024)
        if data == 1:
            break
        if data:
            client.send("好".encode("gbk"))
