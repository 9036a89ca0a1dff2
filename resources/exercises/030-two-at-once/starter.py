THREADED = False


def handle(client):
    while data := client.recv(1024):
        client.send("好".encode("gbk"))
