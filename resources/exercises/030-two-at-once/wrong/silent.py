import threading

one_at_a_time = threading.Lock()


def handle(client):
    with one_at_a_time:
        while data := client.recv(1024):
            client.send("好".encode("gbk"))
