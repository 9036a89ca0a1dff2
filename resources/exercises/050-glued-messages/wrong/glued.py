def handle(client):
    while data := client.recv(1024):
        if data.endswith(b"\n"):
            client.send("好\n".encode("gbk"))
