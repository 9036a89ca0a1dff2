"""Clients by the thousand that flood a port of 127.0.0.1, from a process of their own.

python -m tests.net.flooding PORT CLIENTS: says "connected", and sends until it is killed.
"""

from __future__ import annotations

import contextlib
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHUNK = b"0123456789abcde\n" * 64
ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def flooding(port: int, clients: int) -> Iterator[None]:
    """So many clients flood for as long as the block lasts."""
    command = [sys.executable, "-m", "tests.net.flooding", str(port), str(clients)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "connected\n"
            yield
        finally:
            process.kill()


def flood(port: int, clients: int) -> None:
    """Connect, and send for ever from every client that is not cut off."""
    poll, connected = select.epoll(), {}
    for _ in range(clients):
        client = socket.create_connection(("127.0.0.1", port), 60)
        client.setblocking(False)
        connected[client.fileno()] = client
        poll.register(client, select.EPOLLOUT)
    sys.stdout.write("connected\n")
    sys.stdout.flush()
    while connected:
        for number, _ in poll.poll():
            try:
                for _ in range(64):
                    connected[number].send(CHUNK)
            except BlockingIOError:
                pass
            except OSError:
                connected.pop(number).close()


if __name__ == "__main__":
    flood(int(sys.argv[1]), int(sys.argv[2]))
