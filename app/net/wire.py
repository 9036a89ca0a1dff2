"""One client's socket, read by its worker and written beside that by others.

The one place where the systems differ. On Linux and macOS `recv` simply blocks, and others send
with MSG_DONTWAIT. Windows has no such flag, and there `shutdown` is not certain to wake a blocked
`recv`: so `recv` looks up now and then, and a second socket object on the same descriptor sends.
Who may receive when many want to: see `crowd`.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from app.net import in_flight, last_word, trace
from app.net.crowd import VISIT, Crowd, Gate
from app.net.in_flight import InFlight
from app.net.poll import POLL, SelectPoll
from app.net.trace import told
from app.net.traced_socket import TracedSocket

if TYPE_CHECKING:
    from app.net.session import Session

PATIENCE_S = 0.5
_LARGE_SHIFT = 14  # each 16 KiB of a chunk count as one more
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_PROBES = 3
_PROBE_EVERY_S = 5
# TCP_MAXRT (ws2ipdef.h) and TCP_RXT_CONNDROPTIME (netinet/tcp.h), both in seconds. Neither counts
# while the peer has no room.
_LONGEST_UNACKED = {"win32": 5, "darwin": 0x80}


class Wire(Protocol):
    """What a session needs of a socket. `lock` is the session's.

    `prepare`, `greet`, `recv`, `step_aside` and `has_left` are for the worker, without the lock;
    the rest is for any thread that holds it.
    """

    lock: threading.Lock
    is_ready: bool  # False: not before `greet` has returned can anything be sent
    is_cut_off: bool  # `recv` returned b"" though the peer has not ended its stream
    largest_send_bytes: int  # `send` takes no more, though the kernel might

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""

    def greet(self, client: Session) -> None:
        """Do what comes before the client's first byte. Raises OSError."""

    def recv(self, size_bytes: int, /) -> bytes:
        """Wait for at most so many bytes; b"" is the end of the stream. Raises OSError."""

    def step_aside(self) -> None:
        """The worker is about to wait for something else: let others receive meanwhile."""

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""

    def flush(self) -> bool:
        """Give the kernel what `send` took and it did not; return whether all is gone."""

    def end_stream(self) -> None:
        """Tell the peer that nothing more is sent. Raises OSError."""

    @property
    def unsent_bytes(self) -> int:
        """Bytes that `send` took and the kernel did not."""

    def in_flight(self) -> InFlight | None:
        """Return what is on its way and not acknowledged, where the system tells."""

    def has_left(self) -> bool:
        """After `recv` has returned b"": return whether the peer certainly listens no longer.

        Raises OSError: the connection has broken. Thread: the worker.
        """

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""

    def reset_at_close(self) -> None:
        """Let `close` break the connection off with a RST; never raises."""

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""


class _SystemWire:
    """What is the same everywhere: a worker waits for a first chunk, and more comes in its turn."""

    __slots__ = ("_gate", "_is_in", "_left", "_more", "_socket", "lock")
    is_ready = True
    is_cut_off = False
    largest_send_bytes = sys.maxsize
    unsent_bytes = 0

    def __init__(self, client: TracedSocket, crowd: Crowd) -> None:
        self.lock = threading.Lock()
        self._socket = client
        self._is_in = False
        self._left = 0  # chunks of this visit
        self._more = False  # there is another one already, it seems
        self._gate = Gate(crowd, client.fileno())

    def recv(self, size_bytes: int, /) -> bytes:
        """Wait for at most so many bytes; b"" is the end of the stream. Raises OSError."""
        if self._more and self._left > 0 and not trace.is_watched:
            try:
                return self._took(self._recv(size_bytes), size_bytes)
            except BlockingIOError:
                self._more = False
        return told("recv", self._socket, self._wait_and_recv, size_bytes)

    def _wait_and_recv(self, size_bytes: int) -> bytes:
        gate = self._gate
        while self._more or not gate.is_free:
            if self._left <= 0 or not self._more:
                self._left = gate.wait(more=self._more, again=self._is_in)
                self._is_in = True
                if not self._left:
                    break
            try:
                return self._took(self._recv(size_bytes), size_bytes)
            except BlockingIOError:
                self._more = False
        if self._is_in:
            self.step_aside()
        return self._took(self._wait_for_first(size_bytes), size_bytes)

    def _took(self, chunk: bytes, size_bytes: int) -> bytes:
        self._more = len(chunk) == size_bytes
        if self._is_in:
            self._left -= 1 + (len(chunk) >> _LARGE_SHIFT)
            if self._left <= 0 and not self._gate.others_wait:
                self._left = VISIT
        return chunk

    def _recv(self, size_bytes: int) -> bytes:
        """Return what is there. Raises BlockingIOError if nothing is, OSError."""
        raise NotImplementedError

    def _wait_for_first(self, size_bytes: int) -> bytes:
        """Return what comes. Raises OSError."""
        raise NotImplementedError

    def step_aside(self) -> None:
        """The worker is about to wait for something else: let others receive meanwhile."""
        self._is_in, self._left = False, 0
        self._gate.step_aside()

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""
        if not trace.is_watched:
            return self._send(data)
        return told("send", self._socket, self._send, data)

    def _send(self, data: bytes | memoryview) -> int:
        raise NotImplementedError

    def greet(self, client: Session) -> None:
        """Nothing comes before the client's first byte."""

    def flush(self) -> bool:
        """What was taken, the kernel has."""
        return True

    def end_stream(self) -> None:
        """Tell the peer that nothing more is sent. Raises OSError."""
        self._socket.shutdown(socket.SHUT_WR)

    def in_flight(self) -> InFlight | None:
        """Return what is on its way and not acknowledged, where the system tells."""
        return in_flight.look(self._socket)

    def has_left(self) -> bool:
        """After `recv` has returned b"": return whether the peer certainly listens no longer."""
        return last_word.has_left(self._socket)

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""
        return self._socket.fileno()

    def reset_at_close(self) -> None:
        """Let `close` break the connection off with a RST; never raises."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""
        try:
            self._gate.leave()
        finally:
            self._socket.close()


class BlockingWire(_SystemWire):
    """Linux, macOS: plain blocking `recv`. (A timeout would cost two lock hand-overs each.)"""

    __slots__ = ()

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""
        self._socket.settimeout(None)  # macOS lets it inherit the listening socket's mode
        _set_options(self._socket, keepalive_s)

    def _recv(self, size_bytes: int) -> bytes:
        return self._socket.recv(size_bytes, socket.MSG_DONTWAIT)

    def _wait_for_first(self, size_bytes: int) -> bytes:
        return self._socket.recv(size_bytes)

    def _send(self, data: bytes | memoryview) -> int:
        return self._socket.send(data, socket.MSG_DONTWAIT)

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""
        with contextlib.suppress(OSError):  # the peer was faster
            self._socket.shutdown(socket.SHUT_RD)


class PatientWire(_SystemWire):
    """Windows: `recv` wakes now and then, so that it ends even if nothing wakes it."""

    __slots__ = ("_sending", "_shut")

    def __init__(self, client: TracedSocket, crowd: Crowd) -> None:
        # The second object never waits, for sending or receiving.
        self._sending = TracedSocket(client.family, client.type, client.proto, client.fileno())
        self._sending.client_id = client.client_id
        self._sending.settimeout(0)
        self._shut = False
        super().__init__(client, crowd)

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""
        self._socket.settimeout(PATIENCE_S)
        _set_options(self._socket, keepalive_s)

    def _recv(self, size_bytes: int) -> bytes:
        try:
            return self._sending.recv(size_bytes)
        except BlockingIOError:
            if self._shut:
                return b""
            raise

    def _wait_for_first(self, size_bytes: int) -> bytes:
        while True:
            try:
                return self._socket.recv(size_bytes)
            except TimeoutError as error:
                if error.errno is not None:  # the system's: keepalive got no answer
                    raise
                if self._shut:
                    return b""

    def _send(self, data: bytes | memoryview) -> int:
        return self._sending.send(data)

    def stop_receiving(self) -> None:
        """Make `recv` return, within PATIENCE_S; never raises.

        Not by shutdown: whatever arrived afterwards would make Windows reset the connection, and
        what was sent last would be lost.
        """
        self._shut = True
        self._gate.call()

    def close(self) -> None:
        """Give the descriptor back, once: the second object only borrowed it."""
        self._sending.detach()
        super().close()


MakeWire = Callable[[TracedSocket, Crowd], Wire]
SYSTEM_WIRE: type[BlockingWire] | type[PatientWire] = (
    PatientWire if POLL is SelectPoll else BlockingWire
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
