def handle(client):
    online = 0
    online += 1
    while data := client.recv(1024):
        client.send(f"{online}\n".encode())
