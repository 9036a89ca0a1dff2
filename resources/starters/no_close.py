# 错误：不检查 b""。客户端离开以后，recv 立刻一次又一次返回 b""，循环永远不结束，也不关闭。
# The mistake: b"" is not looked for. After the client has left, recv returns it at once, again and
# again: the loop never ends, and nothing is closed.


def handle(client):
    while True:
        data = client.recv(1024)
        if data:
            client.send("交易正在处理".encode("gbk"))
