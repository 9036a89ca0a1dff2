# 错误：没有给每个客户端一个线程。第一个客户端离开以前，其他人都在等待队列里。
# The mistake: no thread for each client. Until the first one leaves, all others wait
# in the backlog.

THREADED = False


def handle(client):
    while True:
        data = client.recv(1024)
        if not data:
            break
        print(client.number, data.decode("gbk", "replace"))
        client.send("交易正在处理".encode("gbk"))
