"""The clients of an experiment: sockets that tell of their calls, each in a lane of its own.

Also whoever an experiment plays with plain sockets: a bare server, a stranger between two.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.net.trace import told

if TYPE_CHECKING:
    from collections.abc import Callable


LONGEST_BYTES = 65_535  # no datagram is longer


class PeerSocket(socket.socket):
    """A plain socket. One thread plays many of them: the recorder asks whose call it is."""

    __slots__ = ("name", "who")
    _kind = socket.SOCK_STREAM

    def __init__(self, name: str, who: PeerSocket | None = None, fileno: int | None = None) -> None:
        """`name` is its lane's: A, B, …; with `who`, another's lane, which stays after a close."""
        self.name = name
        self.who = who or self
        if fileno is None:
            told("socket", self, super().__init__, socket.AF_INET, self._kind)
        else:
            super().__init__(socket.AF_INET, self._kind, 0, fileno)

    @classmethod
    def listening(cls, name: str, host: str) -> PeerSocket:
        """Return the socket of somebody who listens at a free port. Raises OSError."""
        made = cls(name)
        told("bind", made, made.bind, (host, 0))
        told("listen", made, made.listen, 1)
        return made

    def accept(self) -> tuple[PeerSocket, Any]:
        """Return the next client's socket, in the same lane, and address. Raises OSError."""

        def accept() -> tuple[PeerSocket, Any]:
            plain, address = socket.socket.accept(self)
            return PeerSocket(self.name, self.who, plain.detach()), address

        return told("accept", self, accept)

    def connect(self, address: Any, /) -> None:
        """Shake hands with a server. Raises OSError."""
        told("connect", self, super().connect, address)

    def wait_and_recv(self, size_bytes: int, look_up: Callable[[], object]) -> bytes:
        """Wait for bytes as one call, however often the time-out lets it look up meanwhile.

        Raises OSError, and what `look_up` raises.
        """

        def recv(size_bytes: int) -> bytes:
            while True:
                look_up()
                with suppress(TimeoutError):
                    return self.recv(size_bytes)

        return told("recv", self, recv, size_bytes)

    def send(self, data: Any, flags: int = 0, /) -> int:
        """Give the kernel what it takes. Raises OSError."""
        return told("send", self, super().send, data)

    def shutdown(self, how: int, /) -> None:
        """End one direction, or both. Raises OSError."""
        told("shutdown", self, super().shutdown, how)

    def close(self) -> None:
        """Give the descriptor back."""
        if self.fileno() >= 0:
            told("close", self, super().close)


class DatagramSocket(PeerSocket):
    """The same for UDP. Nobody is connected: each datagram is given its address."""

    __slots__ = ()
    _kind = socket.SOCK_DGRAM

    def take_a_port(self, host: str) -> None:
        """bind: any free one. Raises OSError."""
        told("bind", self, super().bind, (host, 0))

    def say(self, datagram: bytes, to: Any) -> None:
        """sendto. Raises OSError."""
        told("sendto", self, super().sendto, datagram, to)

    def hear(self) -> tuple[bytes, Any]:
        """recvfrom: one datagram, and whose. Raises OSError."""
        return told("recvfrom", self, super().recvfrom, LONGEST_BYTES)
