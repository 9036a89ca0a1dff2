everybody = []


def handle(client):
    everybody.append(client)
    while data := client.recv(1024):
        for other in everybody:
            try:
                other.send(data)
            except OSError:
                pass
