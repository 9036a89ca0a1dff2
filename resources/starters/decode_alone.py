# 错误：每次 recv 单独解码；一个汉字可能被切成两半，只收 3 个字节时马上看得到。
# The mistake: each recv is decoded alone. A character may be cut in two; with 3 bytes it soon is.


def handle(client):
    while True:
        data = client.recv(3)
        if not data:
            break
        print(client.number, data.decode("gbk"))
        client.send("交易正在处理".encode("gbk"))
