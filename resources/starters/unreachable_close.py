# 错误：while True 里没有 break，下面的两行永远执行不到：没有人听到“再见”。
# The mistake: without a break in while True, the last two lines are never reached:
# nobody hears 再见.


def handle(client):
    while True:
        data = client.recv(1024)
        if data == b"bye":
            continue  # 应该是 break / should be break
        if not data:
            return
        client.send("交易正在处理".encode("gbk"))
    client.send("再见".encode("gbk"))
    client.close()
