"""One client's socket, read by its worker and written beside that by others.

The one place where the systems differ. On Linux and macOS `recv` simply blocks, and others send
with MSG_DONTWAIT. Windows has no such flag, and there `shutdown` is not certain to wake a blocked
`recv`: so `recv` waits in short turns, and a second socket object on the same descriptor sends.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable
from typing import Protocol

from app.net import trace
from app.net.trace import told
from app.net.traced_socket import TracedSocket

TURN_S = 0.5
_PROBES = 3
_PROBE_EVERY_S = 5


class Wire(Protocol):
    """What a session needs of a socket. All but `recv` is called under the session's lock."""

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""

    @property
    def recv(self) -> Callable[[int], bytes]:
        """Wait for at most so many bytes; b"" is the end of the stream. Raises OSError."""

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""


class BlockingWire:
    """Linux, macOS: plain blocking `recv`. (A timeout would cost two lock hand-overs each.)"""

    __slots__ = ("_recv", "_socket")

    recv: Callable[[int], bytes]  # `_recv`, or `_recv_told` while somebody looks

    def __init__(self, client: TracedSocket) -> None:
        self._socket = client
        self._recv = client.recv

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""
        self._socket.settimeout(None)  # macOS lets it inherit the listening socket's mode
        _set_options(self._socket, keepalive_s)

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""
        return self._socket.fileno()

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""
        if trace.tracer is not None:
            return told("send", self._socket, self._send, data)
        return self._socket.send(data, socket.MSG_DONTWAIT)

    def _send(self, data: bytes | memoryview) -> int:
        return self._socket.send(data, socket.MSG_DONTWAIT)

    def _recv_told(self, size_bytes: int) -> bytes:
        return told("recv", self._socket, self._recv, size_bytes)

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""
        with contextlib.suppress(OSError):  # the peer was faster
            self._socket.shutdown(socket.SHUT_RD)

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""
        self._socket.close()


class PatientWire:
    """Windows: `recv` waits in turns, so that it ends even if nothing wakes it."""

    __slots__ = ("_sending", "_shut", "_socket")

    recv: Callable[[int], bytes]  # `_recv`, or `_recv_told` while somebody looks

    def __init__(self, client: TracedSocket) -> None:
        self._socket = client
        self._sending = TracedSocket(client.family, client.type, client.proto, client.fileno())
        self._sending.client_id = client.client_id
        self._sending.settimeout(0)
        self._shut = False

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""
        self._socket.settimeout(TURN_S)
        _set_options(self._socket, keepalive_s)

    def _recv_told(self, size_bytes: int) -> bytes:
        return told("recv", self._socket, self._recv, size_bytes)  # many turns are one call

    def _recv(self, size_bytes: int) -> bytes:
        while True:
            try:
                return self._socket.recv(size_bytes)
            except TimeoutError as error:
                if error.errno is not None:  # the system's: keepalive got no answer
                    raise
                if self._shut:
                    return b""

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""
        return self._socket.fileno()

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""
        if trace.tracer is not None:
            return told("send", self._socket, self._sending.send, data)
        return self._sending.send(data)

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""
        self._shut = True
        with contextlib.suppress(OSError):
            self._sending.shutdown(socket.SHUT_RD)

    def close(self) -> None:
        """Give the descriptor back, once: the second object only borrowed it."""
        self._sending.detach()
        self._socket.close()


def _choose_recv(is_told: bool) -> None:
    """Put in place what `recv` does. For every chunk a guard, or a call in between, is too dear."""
    for wire in (BlockingWire, PatientWire):
        wire.recv = wire.__dict__["_recv_told" if is_told else "_recv"]


trace.when_set(_choose_recv)

SYSTEM_WIRE: type[BlockingWire] | type[PatientWire] = (
    PatientWire if sys.platform == "win32" else BlockingWire
)


def _set_options(client: socket.socket, keepalive_s: int) -> None:
    """Send at once what is sent; after `keepalive_s` of silence, ask whether the peer still lives.

    The kernel asks three times, five seconds apart; without an answer recv fails with ETIMEDOUT.
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
