"""The bare thread-per-client server: what a server in Python costs before it does anything.

    python tests/bench/baseline_server.py --port 0 [--backlog 128] [--recv-size 1024]
        [--reply TEXT | --echo]

No journal, no table, no outbox, no clean end: the tutorial's program and nothing else. Prints
`listening on HOST:PORT`. A line on stdin goes to every client; the answer is the monotonic second
at which that began.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
import threading
import time


def send_to_all(clients: list[socket.socket]) -> None:
    """Send each line of stdin to all, one after the other; what a kernel does not take is lost."""
    for line in sys.stdin:
        data = line.rstrip("\n").encode()
        sys.stdout.write(f"{time.monotonic()}\n")
        sys.stdout.flush()
        for client in list(clients):
            with contextlib.suppress(OSError):
                client.send(data, socket.MSG_DONTWAIT)


def serve_client(client: socket.socket, recv_size_bytes: int, reply: bytes, echo: bool) -> None:
    """Receive until the client leaves."""
    with client, contextlib.suppress(OSError):
        while data := client.recv(recv_size_bytes):
            if reply:
                client.send(reply)
            elif echo:
                client.send(data)


def main() -> None:
    """Open the port and accept for ever."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--backlog", type=int, default=128)
    parser.add_argument("--recv-size", type=int, default=1024)
    parser.add_argument("--reply", default="")
    parser.add_argument("--echo", action="store_true")
    arguments = parser.parse_args()
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((arguments.host, arguments.port))
    server.listen(arguments.backlog)
    clients: list[socket.socket] = []
    threading.Thread(target=send_to_all, args=(clients,), daemon=True).start()
    host, port = server.getsockname()
    sys.stdout.write(f"listening on {host}:{port}\n")
    sys.stdout.flush()
    reply = arguments.reply.encode("gbk")
    while True:
        client, _ = server.accept()
        clients.append(client)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(
            target=serve_client,
            args=(client, arguments.recv_size, reply, arguments.echo),
            daemon=True,
        ).start()


if __name__ == "__main__":
    main()
