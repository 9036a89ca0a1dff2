"""One client's socket, read by its worker and written beside that by others.

The one place where the systems differ. On Linux and macOS `recv` simply blocks, and others send
with MSG_DONTWAIT. Windows has no such flag, and there `shutdown` is not certain to wake a blocked
`recv`: so `recv` looks up now and then, and a second socket object on the same descriptor sends.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable
from typing import Protocol

from app.net import in_flight, trace
from app.net.in_flight import InFlight
from app.net.trace import told
from app.net.traced_socket import TracedSocket
from app.net.turns import LARGE_SHIFT, SHARE, Turns

PATIENCE_S = 0.5
PROOF = 6  # chunks that were there at once: nobody waits in line before that
_PROBES = 3
_PROBE_EVERY_S = 5
# TCP_MAXRT (ws2ipdef.h) and TCP_RXT_CONNDROPTIME (netinet/tcp.h), both in seconds. Neither counts
# while the peer has no room.
_LONGEST_UNACKED = {"win32": 5, "darwin": 0x80}


class Wire(Protocol):
    """What a session needs of a socket. All but `recv` is called under the session's lock."""

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""

    @property
    def recv(self) -> Callable[[int], bytes]:
        """Wait for at most so many bytes; b"" is the end of the stream. Raises OSError."""

    def hurry(self, turns: Turns) -> None:
        """Chunks come fast: let `recv` take turns with others while there is always one more."""

    def calm(self) -> None:
        """The worker is about to wait for something else: let others have its turn."""

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""

    def in_flight(self) -> InFlight | None:
        """Return what is on its way and not acknowledged, where the system tells."""

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""


class _SystemWire:
    """What is the same everywhere: `recv` waits for bytes, or takes turns while a client floods."""

    __slots__ = ("_at_once", "_left", "_recv", "_socket", "_turns", "_waiting")

    recv: Callable[[int], bytes]  # `_recv`, or `_recv_told` while somebody looks

    def __init__(
        self,
        client: TracedSocket,
        waiting: Callable[[int], bytes],
        at_once: Callable[[int], bytes],
    ) -> None:
        """`waiting` and `at_once` receive: one waits, the other raises BlockingIOError."""
        self._socket = client
        self._waiting = waiting
        self._at_once = at_once
        self._recv = waiting
        self._turns: Turns | None = None  # while the client floods
        self._left = 0  # chunks, of a turn

    def hurry(self, turns: Turns) -> None:
        """Take turns from now on, as long as there is always something to receive."""
        if self._turns is None:
            self._turns = turns
            self._left = PROOF
            self._recv = self._recv_by_turns

    def _recv_by_turns(self, size_bytes: int) -> bytes:
        if self._left <= 0 and self._turns is not None:
            self._turns.take(self)
            self._left = SHARE
        try:
            chunk = self._at_once(size_bytes)
        except BlockingIOError:
            self.calm()
            return self._waiting(size_bytes)
        self._left -= 1 + (len(chunk) >> LARGE_SHIFT)
        return chunk

    def calm(self) -> None:
        """Take turns no more."""
        if self._turns is not None:
            self._turns.leave(self)
            self._turns = None
            self._recv = self._waiting

    def _recv_told(self, size_bytes: int) -> bytes:
        return told("recv", self._socket, self._recv, size_bytes)

    def in_flight(self) -> InFlight | None:
        """Return what is on its way and not acknowledged, where the system tells."""
        return in_flight.look(self._socket)

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""
        return self._socket.fileno()

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""
        self.calm()
        self._recv = self._waiting = self._socket.recv  # what refers to itself lives long
        self._socket.close()


class BlockingWire(_SystemWire):
    """Linux, macOS: plain blocking `recv`. (A timeout would cost two lock hand-overs each.)"""

    __slots__ = ()

    def __init__(self, client: TracedSocket, waiting: Callable[[int], bytes] | None = None) -> None:
        recv = client.recv
        super().__init__(client, waiting or recv, lambda size: recv(size, socket.MSG_DONTWAIT))

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""
        self._socket.settimeout(None)  # macOS lets it inherit the listening socket's mode
        _set_options(self._socket, keepalive_s)

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""
        if trace.tracer is not None:
            return told("send", self._socket, self._send, data)
        return self._socket.send(data, socket.MSG_DONTWAIT)

    def _send(self, data: bytes | memoryview) -> int:
        return self._socket.send(data, socket.MSG_DONTWAIT)

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""
        with contextlib.suppress(OSError):  # the peer was faster
            self._socket.shutdown(socket.SHUT_RD)


class PatientWire(_SystemWire):
    """Windows: `recv` wakes now and then, so that it ends even if nothing wakes it."""

    __slots__ = ("_sending", "_shut")

    def __init__(self, client: TracedSocket) -> None:
        # The second object never waits, for sending or receiving.
        self._sending = TracedSocket(client.family, client.type, client.proto, client.fileno())
        self._sending.client_id = client.client_id
        self._sending.settimeout(0)
        self._shut = False
        super().__init__(client, self._recv_patiently, self._sending.recv)

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""
        self._socket.settimeout(PATIENCE_S)
        _set_options(self._socket, keepalive_s)

    def _recv_patiently(self, size_bytes: int) -> bytes:
        while True:
            try:
                return self._socket.recv(size_bytes)
            except TimeoutError as error:
                if error.errno is not None:  # the system's: keepalive got no answer
                    raise
                if self._shut:
                    return b""

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""
        if trace.tracer is not None:
            return told("send", self._socket, self._sending.send, data)
        return self._sending.send(data)

    def stop_receiving(self) -> None:
        """Make `recv` return, within PATIENCE_S; never raises.

        Not by shutdown: whatever arrived afterwards would make Windows reset the connection, and
        what was sent last would be lost.
        """
        self._shut = True

    def close(self) -> None:
        """Give the descriptor back, once: the second object only borrowed it."""
        self._sending.detach()
        super().close()


def _choose_recv(is_told: bool) -> None:
    """Put in place what `recv` does. For every chunk a guard, or a call in between, is too dear."""
    _SystemWire.recv = _SystemWire.__dict__["_recv_told" if is_told else "_recv"]


trace.when_set(_choose_recv)

SYSTEM_WIRE: type[BlockingWire] | type[PatientWire] = (
    PatientWire if sys.platform == "win32" else BlockingWire
)


def patience_s(keepalive_s: int) -> int:
    """Return after how long without any answer a client is taken to have vanished."""
    return keepalive_s + _PROBES * min(_PROBE_EVERY_S, keepalive_s)


def _set_options(client: socket.socket, keepalive_s: int) -> None:
    """Send at once what is sent; after `keepalive_s` of silence, ask whether the peer still lives.

    The kernel asks three times, five seconds apart; without an answer recv fails with ETIMEDOUT.
    While bytes are on their way it does not ask: there as well, `patience_s` without an answer is
    the end, on Linux by the sender (see `in_flight`).
    """
    idle = getattr(socket, "TCP_KEEPIDLE", getattr(socket, "TCP_KEEPALIVE", None))
    with contextlib.suppress(OSError):  # gone already: recv will say so
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if idle is not None:  # macOS calls it TCP_KEEPALIVE
            client.setsockopt(socket.IPPROTO_TCP, idle, keepalive_s)
        if hasattr(socket, "TCP_KEEPINTVL"):
            every_s = min(_PROBE_EVERY_S, keepalive_s)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, every_s)
        if hasattr(socket, "TCP_KEEPCNT"):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _PROBES)
        if sys.platform in _LONGEST_UNACKED:
            option = _LONGEST_UNACKED[sys.platform]
            client.setsockopt(socket.IPPROTO_TCP, option, patience_s(keepalive_s))
