# 错误：“加密”。encode 只把文字换成字节，谁都能换回来；它不是加密。
# The mistake: "encryption". encode only turns text into bytes, and anybody turns them back.


def encrypt(text):
    return text.encode("gbk")


def handle(client):
    while True:
        data = client.recv(1024)
        if not data:
            break
        secret = encrypt("交易正在处理")
        client.send(secret)
        print(client.number, "任何人都能读 / anybody can read:", secret.decode("gbk"))
