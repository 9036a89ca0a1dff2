def handle(client):
    while data := client.recv(1024):
        client.sleep(2)
        client.send("好\n".encode("gbk"))
