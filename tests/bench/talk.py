"""Clients that talk at a steady rate, and how long they wait for an answer."""

from __future__ import annotations

import heapq
import select
import socket
import time
from collections import deque
from collections.abc import Sequence

from tests.bench.figures import Values, quantile

SIZE_BYTES = 32


def message(client: int, number: int) -> bytes:
    """Return a line of `SIZE_BYTES`."""
    return (b"client %03d says %08d " % (client, number)).ljust(SIZE_BYTES - 1, b".") + b"\n"


class Talk:
    """`rate` messages a second from each client, evenly spread over the second.

    A message goes out when its time has come, whether or not the former was answered. The answer
    is an echo: two messages that the server gets in one `recv` are still answered both.
    """

    def __init__(self, clients: Sequence[socket.socket], rate: float) -> None:
        self._clients = clients
        self._every_s = 1 / rate
        self._by_number = {client.fileno(): n for n, client in enumerate(clients)}
        self._answered_bytes = [0] * len(clients)
        self._unanswered: list[deque[float]] = [deque() for _ in clients]
        self._sent = 0
        self.sent_s: dict[bytes, float] = {}  # of the first client's messages: when
        self.round_trips_ms: list[float] = []

    def run(self, seconds: float, *, replies: bool = False) -> None:
        """Talk for so long; with `replies` note every round trip."""
        began_s = time.monotonic()
        apart_s = self._every_s / len(self._clients)
        due = [(began_s + n * apart_s, n) for n in range(len(self._clients))]
        with select.epoll() as poll:
            for client in self._clients:
                poll.register(client, select.EPOLLIN)
            while (now_s := time.monotonic()) < began_s + seconds:
                while due[0][0] <= now_s:
                    due_s, speaker = due[0]
                    self._say(speaker, replies)
                    heapq.heapreplace(due, (due_s + self._every_s, speaker))
                for number, _ in poll.poll(max(0.0, due[0][0] - time.monotonic())):
                    self._hear(self._by_number[number])
            until_s = time.monotonic() + 2
            while any(self._unanswered) and time.monotonic() < until_s:
                for number, _ in poll.poll(0.1):
                    self._hear(self._by_number[number])

    @property
    def values(self) -> Values:
        """Round trips, and how many messages were never answered."""
        trips = self.round_trips_ms
        return {
            "trip_p50_ms": quantile(trips, 0.5),
            "trip_p99_ms": quantile(trips, 0.99),
            "unanswered": sum(len(waiting) for waiting in self._unanswered),
        }

    def _say(self, client: int, replies: bool) -> None:
        text = message(client, self._sent)
        self._sent += 1
        at_s = time.monotonic()
        self._clients[client].send(text)
        if client == 0:
            self.sent_s[text] = at_s
        if replies:
            self._unanswered[client].append(at_s)

    def _hear(self, client: int) -> None:
        part = self._clients[client].recv(65_536)
        if not part:
            raise ConnectionResetError("the server closed a client that talks")
        now_s = time.monotonic()
        self._answered_bytes[client] += len(part)
        waiting = self._unanswered[client]
        while self._answered_bytes[client] >= SIZE_BYTES and waiting:
            self._answered_bytes[client] -= SIZE_BYTES
            self.round_trips_ms.append((now_s - waiting.popleft()) * 1000)
