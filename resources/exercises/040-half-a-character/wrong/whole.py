def handle(client):
    waiting = b""
    while data := client.recv(1024):
        waiting += data
        if b"\n" in waiting:
            client.send(f"{len(waiting)}\n".encode("gbk"))
            waiting = b""
