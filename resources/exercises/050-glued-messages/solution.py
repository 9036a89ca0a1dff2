def handle(client):
    waiting = b""
    while data := client.recv(1024):
        waiting += data
        while b"\n" in waiting:
            line, waiting = waiting.split(b"\n", 1)
            print("消息", line)
            client.send("好\n".encode("gbk"))
