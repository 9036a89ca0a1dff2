answered = []


def handle(client):
    client.recv(1024)
    if not answered:
        client.send("交易正在处理".encode("gbk"))
    answered.append(client)
