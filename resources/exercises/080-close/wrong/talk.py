def handle(client):
    data = client.recv(1024)
    client.send(data if data == "再见\n".encode("gbk") else "好\n".encode("gbk"))
