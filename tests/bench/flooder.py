"""Clients that send as fast as they can until stdin ends: what others must not suffer from.

python -m tests.bench.flooder PORT CHUNK_BYTES [CLIENTS]: says "pouring" when all are connected.
"""

from __future__ import annotations

import contextlib
import select
import socket
import sys
from collections.abc import Iterator

from tests.bench.clients import HOST
from tests.bench.driven import child

AT_ONCE = 64  # chunks of one client, then the next one sends
CONNECT_S = 120.0
TEXT = b"0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWX\r\n" * 1024


@contextlib.contextmanager
def flooding(port: int, chunk_bytes: int, clients: int = 1) -> Iterator[None]:
    """So many clients of another process flood for as long as the block lasts."""
    arguments = [str(port), str(chunk_bytes), str(clients)]
    with child(["-m", "tests.bench.flooder", *arguments]) as pouring:
        pouring.line(CONNECT_S)
        yield


def pour(port: int, chunk: bytes, clients: int) -> None:
    """Connect, and send for ever from every client that is not cut off; return at stdin's end."""
    poll, connected = select.epoll(), dict[int, socket.socket]()
    for _ in range(clients):
        client = socket.create_connection((HOST, port), CONNECT_S)
        client.setblocking(False)
        connected[client.fileno()] = client
        poll.register(client, select.EPOLLOUT)
    poll.register(sys.stdin, select.EPOLLIN)
    sys.stdout.write("pouring\n")
    sys.stdout.flush()
    while True:
        for number, _ in poll.poll():
            if number == sys.stdin.fileno():
                return
            try:
                for _ in range(AT_ONCE):
                    connected[number].send(chunk)
            except BlockingIOError:
                pass
            except OSError:
                connected.pop(number).close()


if __name__ == "__main__":
    _port, _chunk_bytes, *_clients = map(int, sys.argv[1:])
    pour(_port, TEXT[:_chunk_bytes], _clients[0] if _clients else 1)
