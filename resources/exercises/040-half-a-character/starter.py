def handle(client):
    while data := client.recv(1024):
        text = data.decode("gbk")
        client.send(f"{len(text.strip())}\n".encode("gbk"))
