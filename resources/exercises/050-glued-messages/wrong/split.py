def handle(client):
    while data := client.recv(1024):
        for line in data.splitlines():
            client.send("好\n".encode("gbk"))
