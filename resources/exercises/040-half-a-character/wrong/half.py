def handle(client):
    while data := client.recv(1024):
        text = data.decode("gbk", "ignore")
        if text.endswith("\n"):
            client.send(f"{len(text.strip())}\n".encode("gbk"))
