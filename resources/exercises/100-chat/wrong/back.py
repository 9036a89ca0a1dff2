everybody = []


def handle(client):
    everybody.append(client)
    while data := client.recv(1024):
        if client is everybody[0]:
            for other in everybody[1:]:
                other.send(data)
