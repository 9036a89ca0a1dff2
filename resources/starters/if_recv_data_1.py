# 错误：recv 返回的是字节，不是 1；这个条件永远不成立，没有人得到回答。
# The mistake: recv returns bytes, never 1. The condition is never true, and nobody is answered.


def handle(client):
    while True:
        recv_data = client.recv(1024)
        if recv_data == 1:
            client.send("交易正在处理".encode("gbk"))
        if not recv_data:
            break
