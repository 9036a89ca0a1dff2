def handle(client):
    while True:
        data = client.recv(1024)
        if not data:
            break
        client.send("好\n".encode("gbk"))
    client.close()
