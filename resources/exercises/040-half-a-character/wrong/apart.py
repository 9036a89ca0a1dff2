def handle(client):
    waiting = b""
    while data := client.recv(1024):
        waiting += data
        try:
            text = waiting.decode("gbk")
        except UnicodeDecodeError:
            continue
        waiting = b""
        client.send(f"{len(text.strip())}\n".encode("gbk"))
