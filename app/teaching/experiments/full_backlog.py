"""A server that does not accept: how many clients may wait, and what happens to the next one."""

from __future__ import annotations

import errno
import os
import socket
import sys
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from app.net.listening import places_in
from app.net.trace import told
from app.teaching.experiments.bench import Bench, Client
from app.teaching.experiments.facts import Result, Row, Value, Word
from app.teaching.experiments.lab import TookTooLong
from app.teaching.peers import PeerSocket

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.net.facts import Endpoint
    from app.teaching.experiments.lab import Lab

STEPS = ("served", "queued", "one_too_many", "outcome", "place_free")
BACKLOG = 2
PLACES = places_in(BACKLOG)
_RETRIES_AT = 2  # bytes into struct tcp_info: how often this SYN was sent again
_REFUSED = (errno.ECONNREFUSED, getattr(errno, "WSAECONNREFUSED", errno.ECONNREFUSED))
_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0))


def run(lab: Lab) -> Result:
    """Fill the queue of a server that is busy with its first client."""
    bench = Bench(lab, single_threaded=True, backlog=BACKLOG)
    first, session = bench.join()
    lab.step("served", lab.did("listener", "accept"), backlog=BACKLOG)
    queue = [Client(lab, bench.endpoint) for _ in range(PLACES)]
    waiting = bench.server.waiting_clients
    connects = tuple(chain.from_iterable(client.did("connect") for client in queue))
    lab.step("queued", connects, n=len(queue), backlog=BACKLOG)
    outcome = _dial(lab, bench.endpoint, lambda: lab.step("one_too_many", n=len(queue) + 1))
    lab.step("outcome", outcome=outcome)
    first.close()
    bench.wait_gone(session)
    lab.wait_until(lambda: bench.session_of(queue[0].endpoint))
    left = bench.server.waiting_clients
    lab.step(
        "place_free",
        lab.did("listener", "accept"),
        waiting=Word("not_told") if left is None else left,
    )
    return Result(
        (
            Row("in_queue", PLACES, waiting),
            Row("outcome", _expected(), outcome),
            Row("next_served", 1, len(bench.joins) - 1),
        )
    )


def _expected() -> Value:
    return Word("refused" if sys.platform == "win32" else "unanswered")


def _dial(lab: Lab, server: Endpoint, begun: Callable[[], None]) -> Word:
    """Dial as one call that nobody answers; return what became of it. `begun`: it is under way."""
    late = lab.belongings.enter_context(PeerSocket(lab.name_client(server)))
    late.setblocking(False)
    outcome = Word("connected")

    def connect(address: Endpoint) -> None:
        nonlocal outcome
        error = late.connect_ex(address)
        if error and error not in _UNDER_WAY + _REFUSED:
            raise OSError(error, "connect")
        begun()
        outcome = _outcome(lab, late)
        if outcome.name != "connected":  # as Python tells it where a time-out is set
            raise TimeoutError("timed out") if outcome.name == "unanswered" else _refusal()

    with suppress(TimeoutError, ConnectionRefusedError):
        told("connect", late, connect, server)
    return outcome


def _refusal() -> OSError:
    return ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))


def _outcome(lab: Lab, late: socket.socket) -> Word:
    """Wait until it is known what becomes of a client for which there is no place.

    Windows refuses it. Linux lets its SYN go by unanswered, so its kernel sends that again after a
    second (tcp(7), TCP_INFO tells how often). Elsewhere nobody tells: then it waits for so long.
    """
    found: list[Word] = []

    def is_known() -> bool:
        error = late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error in _REFUSED:
            found.append(Word("refused"))
        elif _is_connected(late):
            found.append(Word("connected"))
        elif sys.platform == "linux" and _retries(late):
            found.append(Word("unanswered"))
        return bool(found)

    try:
        lab.wait_until(is_known, 3.0)
    except TookTooLong:
        return Word("unanswered")
    return found[0]


def _retries(late: socket.socket) -> int:
    return late.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[_RETRIES_AT]


def _is_connected(late: socket.socket) -> bool:
    try:
        late.getpeername()
    except OSError:
        return False
    return True
