"""Clients by the thousand in one process, and how they connect without a storm.

Past the backlog the kernel drops SYNs and the clients' timers (1 s, 3 s) would be measured instead
of the server: so nobody dials while more than `PACE` wait to be accepted.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable, Iterator

from tests.bench.sockets import unread, unsent, waiting_to_be_accepted
from tests.bench.watching import wait_for

PACE = 24  # waiting to be accepted; a backlog of 128 has room for them and those under way
TOGETHER = 64  # dials under way
LOOK_EVERY = 8  # dials between two looks at the queue

HOST = "127.0.0.1"


class Crowd:
    """Connected clients of this process; not blocking, no Nagle."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sockets: list[socket.socket] = []

    def connect(
        self, count: int, greeting: Callable[[int], bytes] | None = None, longest_s: float = 90
    ) -> float:
        """Connect `count` more, each of which says its greeting; return the seconds it took.

        Raises OSError when one is refused, TimeoutError.
        """
        began_s = time.monotonic()
        first = len(self.sockets)
        for connected in _dial(self.port, count, began_s + longest_s):
            if greeting is not None:
                connected.send(greeting(len(self.sockets)))
            self.sockets.append(connected)
        took_s = time.monotonic() - began_s
        for connected in self.sockets[first:]:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return took_s

    @property
    def peer_ports(self) -> frozenset[int]:
        """By which the server's sockets are told from others'."""
        return frozenset(s.getsockname()[1] for s in self.sockets)

    def wait_read(self, longest_s: float) -> float:
        """Wait until the server has read all that was sent; return when that was, monotonic."""
        ports = self.peer_ports

        def all_read() -> bool:
            return not any(unsent(s) for s in self.sockets) and unread(self.port, ports)[0] == 0

        return wait_for(all_read, longest_s, "the server has read everything", 0.002)

    def hung_up(self) -> int:
        """How many the server has closed."""
        poll = select.poll()
        for client in self.sockets:
            poll.register(client, select.POLLRDHUP)
        return len(poll.poll(0))

    def leave(self) -> float:
        """Close all at once; return when that began, monotonic."""
        began_s = time.monotonic()
        for client in self.sockets:
            client.close()
        self.sockets.clear()
        return began_s


@contextlib.contextmanager
def crowd(port: int, count: int = 0) -> Iterator[Crowd]:
    """`count` connected clients, gone when the block ends."""
    clients = Crowd(port)
    try:
        if count:
            clients.connect(count)
        yield clients
    finally:
        clients.leave()


def _dial(port: int, count: int, until_s: float) -> Iterator[socket.socket]:
    """Yield sockets as they are connected."""
    under_way: dict[int, socket.socket] = {}
    dialled = 0
    poll = select.epoll()
    try:
        while dialled < count or under_way:
            while dialled < count and len(under_way) < TOGETHER:
                if dialled % LOOK_EVERY == 0:
                    _wait_for_room(port, until_s)
                client = socket.socket()
                client.setblocking(False)
                client.connect_ex((HOST, port))
                under_way[client.fileno()] = client
                poll.register(client, select.EPOLLOUT)
                dialled += 1
            for number, _ in poll.poll(0.2):
                poll.unregister(number)
                client = under_way.pop(number)
                fault = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if fault:
                    client.close()
                    raise OSError(fault, "a client was refused")
                yield client
            _check(until_s)
    finally:
        poll.close()
        for client in under_way.values():
            client.close()


def _wait_for_room(port: int, until_s: float) -> None:
    while waiting_to_be_accepted(port) > PACE:
        _check(until_s)
        time.sleep(0.0005)


def _check(until_s: float) -> None:
    if time.monotonic() > until_s:
        raise TimeoutError("not all clients were connected in time")
