"""A server that does not accept: how many clients may wait, and what happens to the next one."""

from __future__ import annotations

import errno
import socket
import sys
from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench, Client
from app.teaching.experiments.facts import Result, Row, Value, Word
from app.teaching.experiments.lab import TookTooLong

if TYPE_CHECKING:
    from app.net.facts import Endpoint
    from app.teaching.experiments.lab import Lab

STEPS = ("served", "queued", "one_too_many", "outcome", "place_free")
BACKLOG = 2
# Linux takes one more than it was told: the queue is full when it is longer than the backlog.
PLACES = BACKLOG + 1 if sys.platform == "linux" else BACKLOG
_RETRIES_AT = 2  # bytes into struct tcp_info: how often this SYN was sent again
_REFUSED = (errno.ECONNREFUSED, getattr(errno, "WSAECONNREFUSED", errno.ECONNREFUSED))
_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0))


def run(lab: Lab) -> Result:
    """Fill the queue of a server that is busy with its first client."""
    bench = Bench(lab, single_threaded=True, backlog=BACKLOG)
    first, session = bench.join()
    lab.step("served", backlog=BACKLOG)
    queue = [Client(lab, bench.endpoint) for _ in range(PLACES)]
    waiting = bench.server.waiting_clients
    lab.step("queued", n=len(queue), backlog=BACKLOG)
    late = _dial(lab, bench.endpoint)
    lab.step("one_too_many", n=len(queue) + 1)
    outcome = _outcome(lab, late)
    lab.step("outcome", outcome=outcome)
    first.close()
    bench.wait_gone(session)
    lab.wait_until(lambda: bench.session_of(queue[0].endpoint))
    left = bench.server.waiting_clients
    lab.step("place_free", waiting=Word("not_told") if left is None else left)
    return Result(
        (
            Row("in_queue", PLACES, waiting),
            Row("outcome", _expected(), outcome),
            Row("next_served", 1, len(bench.joins) - 1),
        )
    )


def _expected() -> Value:
    return Word("refused" if sys.platform == "win32" else "unanswered")


def _dial(lab: Lab, server: Endpoint) -> socket.socket:
    """Begin to connect, and do not wait for it."""
    late = lab.belongings.enter_context(socket.socket())
    late.setblocking(False)
    error = late.connect_ex(server)
    if error and error not in _UNDER_WAY + _REFUSED:
        raise OSError(error, "connect")
    return late


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
