import threading

everybody = set()
lock = threading.Lock()


def handle(client):
    with lock:
        everybody.add(client)
    try:
        while data := client.recv(1024):
            with lock:
                others = [other for other in everybody if other is not client]
            for other in others:
                try:
                    other.send(data)
                except OSError:
                    pass
    finally:
        with lock:
            everybody.discard(client)
