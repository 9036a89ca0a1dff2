BYE = "再见\n".encode("gbk")


def handle(client):
    while data := client.recv(1024):
        if data == BYE:
            client.send(BYE)
            return
        client.send("好\n".encode("gbk"))
