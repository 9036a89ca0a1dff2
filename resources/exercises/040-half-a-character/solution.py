def handle(client):
    waiting = b""
    while data := client.recv(1024):
        waiting += data
        while b"\n" in waiting:
            line, waiting = waiting.split(b"\n", 1)
            text = line.decode("gbk")
            client.send(f"{len(text)}\n".encode("gbk"))
