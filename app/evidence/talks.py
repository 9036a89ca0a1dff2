"""A connection's or a peer's traffic as packets: what happened in, packet blocks out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.evidence.packets import (
    ACK,
    FIN,
    INBOUND,
    OUTBOUND,
    PSH,
    RST,
    SYN,
    TCP,
    UDP,
    Party,
    Way,
    tail,
)
from app.net.facts import CloseReason

CLIENT, SERVER = 0, 1  # who sends; also the kinds of chunks: in, out
_MSS_OPTION = 0x02040000
_UNACKED = 8  # full segments at most before they are acknowledged: less than a window
_COMMENTS = 32  # that wait for a packet
_BY_RESET = {
    CloseReason.RESET.value: CLIENT,
    CloseReason.TIMED_OUT.value: SERVER,
    CloseReason.ERROR.value: SERVER,
}


class Talk(Protocol):
    """One client's traffic. `time_ns` is wall clock."""

    def say(self, words: str) -> None:
        """Let the next packet's comment have these words."""

    def open(self, time_ns: int) -> None:
        """Begin."""

    def join(self, ends: list[int]) -> None:
        """Begin in the middle: so many bytes went before, each way."""

    def data(self, time_ns: int, way: int, offset: int, data: bytes) -> None:
        """Send a chunk that begins at `offset` of its stream."""

    def finish(self, time_ns: int, way: int, words: str = "") -> None:
        """End one direction."""

    def close(self, time_ns: int, reason: str, words: str) -> None:
        """End both directions, as `reason`, a CloseReason's value, says."""


class Stream:
    """One TCP connection."""

    def __init__(
        self,
        number: int,
        client: Party,
        server: Party,
        write: Callable[[bytes], object],
        dialled_by: int = CLIENT,
    ) -> None:
        """`number`: two of different numbers may have the same ports."""
        self._ways = (Way(client, server, TCP, INBOUND), Way(server, client, TCP, OUTBOUND))
        self._write = write
        self._dialled_by = dialled_by
        self._initial = number * 2_654_435_761
        self._sent = [self._initial, self._initial]  # the next sequence number of each way
        self._acked = [self._initial, self._initial]
        self._finished = [False, False]
        self._said: list[str] = []

    def say(self, words: str) -> None:
        """Let the next packet's comment have these words."""
        if len(self._said) < _COMMENTS:
            self._said.append(words)

    def open(self, time_ns: int) -> None:
        """Shake hands."""
        first = self._dialled_by
        self._send(time_ns, first, SYN)
        self._send(time_ns, 1 - first, SYN | ACK)
        self._acknowledge(time_ns, 1 - first)

    def join(self, ends: list[int]) -> None:
        """Begin in the middle: so many bytes went before, each way."""
        self._sent = [self._initial + 1 + end for end in ends]
        self._acked = list(self._sent)

    def data(self, time_ns: int, way: int, offset: int, data: bytes) -> None:
        """Send a chunk that begins at `offset` of its stream."""
        self._sent[way] = self._initial + 1 + offset
        mss = self._ways[way].mss
        if len(data) <= mss:
            self._send(time_ns, way, PSH | ACK, data)
        else:
            self._long(time_ns, way, data, mss)
        if self._sent[way] - self._acked[way] >= _UNACKED * mss:
            self._acknowledge(time_ns, way)

    def _long(self, time_ns: int, way: int, data: bytes, mss: int) -> None:
        for begin in range(0, len(data), mss):
            if self._sent[way] - self._acked[way] >= _UNACKED * mss:
                self._acknowledge(time_ns, way)
            last = begin + mss >= len(data)
            self._send(time_ns, way, PSH | ACK if last else ACK, data[begin : begin + mss])

    def finish(self, time_ns: int, way: int, words: str = "") -> None:
        """End one direction."""
        if words:
            self.say(words)
        if not self._finished[way]:
            self._finished[way] = True
            self._send(time_ns, way, FIN | ACK)
            self._acknowledge(time_ns, way)

    def close(self, time_ns: int, reason: str, words: str) -> None:
        """End both directions, as `reason` says."""
        self.say(words)
        reset_by = _BY_RESET.get(reason)
        if reset_by is not None:
            self._send(time_ns, reset_by, RST | ACK)
            return
        first = CLIENT if reason == CloseReason.FIN else SERVER
        self.finish(time_ns, first)
        self.finish(time_ns, 1 - first)

    def _send(self, time_ns: int, way: int, flags: int, data: bytes = b"") -> None:
        """Send a segment; it acknowledges all that came the other way."""
        line, sent, other = self._ways[way], self._sent, 1 - way
        seq = sent[way]
        ack = self._acked[other] = sent[other] if flags & ACK else 0
        if self._said or flags & SYN:
            said = tail(OUTBOUND if way else INBOUND, "\n".join(self._said))
            self._said.clear()
            options = _MSS_OPTION | line.mss if flags & SYN else 0
            self._write(line.segment(time_ns, seq, ack, flags, data, said, options))
        else:
            self._write(line.segment(time_ns, seq, ack, flags, data))
        sent[way] = seq + len(data) + (1 if flags & (SYN | FIN) else 0)

    def _acknowledge(self, time_ns: int, way: int) -> None:
        """Acknowledge what was sent this way, if it is not yet."""
        if self._acked[way] < self._sent[way]:
            self._send(time_ns, 1 - way, ACK)


class Letters:
    """One UDP peer: each chunk is a datagram, and nothing begins or ends."""

    def __init__(self, client: Party, server: Party, write: Callable[[bytes], object]) -> None:
        self._ways = (Way(client, server, UDP, INBOUND), Way(server, client, UDP, OUTBOUND))
        self._write = write
        self._said: list[str] = []

    def say(self, words: str) -> None:
        """Let the next datagram's comment have these words."""
        if len(self._said) < _COMMENTS:
            self._said.append(words)

    def open(self, time_ns: int) -> None:
        """Nothing is sent."""

    def join(self, ends: list[int]) -> None:
        """Nothing went before that matters."""

    def data(self, time_ns: int, way: int, offset: int, data: bytes) -> None:
        """Send a datagram."""
        said = tail(OUTBOUND if way else INBOUND, "\n".join(self._said)) if self._said else b""
        self._said.clear()
        self._write(self._ways[way].datagram(time_ns, data, said))

    def finish(self, time_ns: int, way: int, words: str = "") -> None:
        """Nothing is sent."""

    def close(self, time_ns: int, reason: str, words: str) -> None:
        """Nothing is sent."""
