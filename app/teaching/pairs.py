"""Which call brought about which: connect and accept, send and recv, a last word and the end.

Paired by what is known, never by looks: the port a client comes from, which `accept` returns; the
descriptors of both sides; and how many bytes each has sent and received, for TCP keeps their order.
What cannot be paired so has no pair: clients of other programs, and what was let go.
"""

from __future__ import annotations

import socket
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from app.teaching.calls import Clipped, Descriptor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.teaching.calls import Call
    from app.teaching.recorder import CallRecorder


_END = attrgetter("end_ns")


class Pair(NamedTuple):
    """One call and what it brought about on the other side of a connection."""

    cause: Call
    effect: Call

    @property
    def begin_ns(self) -> int:
        """When it set out: a call may return later than what it brings about does."""
        return min(self.cause.end_ns, self.effect.end_ns)

    @property
    def end_ns(self) -> int:
        """When it was there."""
        return self.effect.end_ns


class _Part(NamedTuple):
    """What one call sent or received of a direction; its end counts as one more byte."""

    begin: int
    end: int
    call: Call


@dataclass(slots=True)
class _Flow:
    """One direction of a connection."""

    sent: deque[_Part] = field(default_factory=deque)
    heard: deque[_Part] = field(default_factory=deque)
    sent_bytes: int = 0
    heard_bytes: int = 0

    def send(self, call: Call, size_bytes: int) -> None:
        self.sent.append(_Part(self.sent_bytes, self.sent_bytes + size_bytes, call))
        self.sent_bytes += size_bytes

    def hear(self, call: Call, size_bytes: int) -> None:
        self.heard.append(_Part(self.heard_bytes, self.heard_bytes + size_bytes, call))
        self.heard_bytes += size_bytes

    def pairs(self) -> Iterator[Pair]:
        """Yield what meets, and forget what has met everything."""
        while self.sent and self.heard:
            sent, heard = self.sent[0], self.heard[0]
            meet = sent.begin < heard.end and heard.begin < sent.end
            # An end that was heard before it was sent was somebody else's doing.
            if meet and sent.call.begin_ns <= heard.call.end_ns:
                yield Pair(sent.call, heard.call)
            if sent.end <= heard.end:
                self.sent.popleft()
            if heard.end <= sent.end:
                self.heard.popleft()


@dataclass(slots=True)
class Connection:
    """From the first sight of either side."""

    connect: Call | None = None
    accept: Call | None = None
    up: _Flow = field(default_factory=_Flow)  # from the client to the server
    down: _Flow = field(default_factory=_Flow)


class _Side(NamedTuple):
    """One descriptor, from when on it is this connection's."""

    since_ns: int
    out: _Flow
    into: _Flow


class CallPairs:
    """Takes over what is new when `update` is called. One thread."""

    def __init__(self, recorder: CallRecorder) -> None:
        self.recorder = recorder
        self.all: list[Pair] = []  # in the order of their ends
        self.connections: list[Connection] = []
        self._seen_id = 0
        self._by_port: dict[int, Connection] = {}
        self._sides: dict[int, _Side] = {}  # by descriptor
        self._of: dict[int, list[Pair]] = {}

    def pairs_of(self, call_id: int) -> list[Pair]:
        """Return those of which a call is one half."""
        return self._of.get(call_id, [])

    def partners(self, call_id: int) -> list[Call]:
        """Return the calls that a call brought about, or that brought it about."""
        return [
            effect if cause.id == call_id else cause for cause, effect in self.pairs_of(call_id)
        ]

    def still(self) -> CallPairs:
        """Return what is known now, for another thread: it never changes."""
        copy = CallPairs(self.recorder)
        copy.all, copy._of = self.all.copy(), {key: [*pairs] for key, pairs in self._of.items()}
        return copy

    def between(self, from_ns: int, to_ns: int) -> Iterator[Pair]:
        """Yield those whose way begins or ends between two moments, or leads past both.

        In the order of their ends.
        """
        for pair in islice(self.all, bisect_left(self.all, from_ns, key=_END), None):
            if pair.begin_ns <= to_ns:
                yield pair

    def update(self) -> None:
        """Take over what is new."""
        recorder = self.recorder
        if not recorder.has_peers:  # nobody's other side is seen
            self._seen_id = recorder.last_id
            return
        if recorder.let_go > self._seen_id:  # calls are missing: what follows has no offsets
            self._by_port.clear()
            self._sides.clear()
        if recorder.last_id == self._seen_id:
            return
        ports = {lane.number: lane.peer_port for lane in recorder.lanes() if lane.peer_port}
        for call in recorder.calls_after(self._seen_id):
            self._seen_id = call.id
            if call.name == "connect":
                self._on_connect(call, ports.get(call.lane, 0))
            elif call.name == "accept":
                self._on_accept(call)
            elif (side := self._sides.get(call.fileno)) and call.begin_ns >= side.since_ns:
                self._on_moved(call, side)

    def _on_connect(self, call: Call, port: int) -> None:
        if port and not isinstance(call.result, BaseException):
            connection = self._by_port.get(port)
            if connection is None or connection.connect is not None:
                connection = self._begin(port)
            connection.connect = call
            self._sides[call.fileno] = _Side(call.begin_ns, connection.up, connection.down)
            self._join(connection)

    def _on_accept(self, call: Call) -> None:
        if isinstance(call.result, tuple) and isinstance(call.result[0], Descriptor):
            accepted, address = call.result[0], call.result[1]
            connection = self._by_port.get(address[1])
            if connection is None or connection.accept is not None:
                connection = self._begin(address[1])
            connection.accept = call
            side = _Side(call.begin_ns, connection.down, connection.up)
            self._sides[accepted.fileno] = side
            self._join(connection)

    def _begin(self, port: int) -> Connection:
        connection = self._by_port[port] = Connection()
        self.connections.append(connection)
        return connection

    def _join(self, connection: Connection) -> None:
        if connection.connect is not None and connection.accept is not None:
            self._keep(Pair(connection.connect, connection.accept))

    def _on_moved(self, call: Call, side: _Side) -> None:
        result = call.result
        if call.name == "send" and isinstance(result, int):
            side.out.send(call, result)
        elif call.name == "recv" and (isinstance(result, (bytes, Clipped, ConnectionResetError))):
            side.into.hear(call, _size(result) or 1)
        elif call.name == "close":
            side.out.send(call, 1)
            del self._sides[call.fileno]
        elif call.name == "shutdown" and call.arguments[0] != socket.SHUT_RD:
            side.out.send(call, 1)
        for flow in (side.out, side.into):
            for pair in flow.pairs():
                self._keep(pair)

    def _keep(self, pair: Pair) -> None:
        insort(self.all, pair, key=_END)
        for call in pair:
            self._of.setdefault(call.id, []).append(pair)


def _size(result: object) -> int:
    if isinstance(result, Clipped):
        return result.size_bytes
    return len(result) if isinstance(result, bytes) else 0
