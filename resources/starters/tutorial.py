# 教程的程序：收一条，回一条，直到客户端离开。
# The tutorial's program: one message in, one answer out, until the client leaves.


def handle(client):
    while True:
        data = client.recv(1024)
        if not data:
            break
        print(client.number, data.decode("gbk", "replace"))
        client.send("交易正在处理".encode("gbk"))
