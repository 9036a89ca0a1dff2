import threading

online = set()
lock = threading.Lock()


def handle(client):
    with lock:
        online.add(client.number)
    try:
        while data := client.recv(1024):
            client.send(f"{len(online)}\n".encode())
    finally:
        with lock:
            online.discard(client.number)
