def handle(client):
    waiting = b""
    while data := client.recv(1024):
        waiting += data
        if waiting.endswith(b"\n"):
            for line in waiting.splitlines():
                client.send("好\n".encode("gbk"))
            waiting = b""
