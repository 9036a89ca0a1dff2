def handle(client):
    data = client.recv(1024)
    print("收到", data)
    # 在这里回答（answer here）：交易正在处理
