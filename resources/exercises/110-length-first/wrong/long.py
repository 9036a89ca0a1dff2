def handle(client):
    waiting = b""
    while data := client.recv(1024):
        waiting = (waiting + data)[-4096:]
        while len(waiting) >= 2:
            size = int.from_bytes(waiting[:2], "big")
            if len(waiting) < 2 + size:
                break
            content, waiting = waiting[2 : 2 + size], waiting[2 + size :]
            client.send(size.to_bytes(2, "big") + content[::-1])
