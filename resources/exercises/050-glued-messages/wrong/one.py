def handle(client):
    while data := client.recv(1):
        client.send("好\n".encode("gbk"))
