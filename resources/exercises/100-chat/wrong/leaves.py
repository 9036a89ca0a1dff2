everybody = []


def handle(client):
    everybody.append(client)
    while data := client.recv(1024):
        for other in everybody:
            if other is not client:
                other.send(data)
