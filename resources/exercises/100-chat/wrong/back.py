everybody = []


def handle(client):
    everybody.append(client)
    while data := client.recv(1024):
        if client.number == min(each.number for each in everybody):
            for other in everybody:
                if other is not client:
                    other.send(data)
