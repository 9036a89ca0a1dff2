"""A socket that tells the tracer what is done with it."""

from __future__ import annotations

import socket
from typing import Any

from app.net import trace
from app.net.trace import told, told_late

_recv = socket.socket.recv
_send = socket.socket.send


class TracedSocket(socket.socket):
    """A plain socket while nobody looks: then `recv` and `send` cost some 50 ns more.

    `client_id` says whose it is; 0: it listens.
    """

    __slots__ = ("client_id",)

    def __init__(
        self, family: int, kind: int, protocol: int = 0, fileno: int | None = None
    ) -> None:
        self.client_id = 0
        if fileno is None:
            told("socket", self, super().__init__, family, kind, protocol)
        else:
            super().__init__(family, kind, protocol, fileno)

    def bind(self, address: object, /) -> None:
        """Take the address."""
        told("bind", self, super().bind, address)

    def listen(self, backlog: int = 128, /) -> None:
        """Let clients connect; so many may wait to be accepted."""
        told("listen", self, super().listen, backlog)

    def accept(self) -> tuple[TracedSocket, Any]:
        """Return the next client's socket and address."""
        return told("accept", self, self._accept_traced)

    def shutdown(self, how: int, /) -> None:
        """End one direction, or both."""
        told("shutdown", self, super().shutdown, how)

    def close(self) -> None:
        """Give the descriptor back."""
        if self.fileno() >= 0:
            told("close", self, super().close)

    def recv(self, size_bytes: int, /) -> bytes:  # type: ignore[override]
        """Wait for at most so many bytes; b"" is the end of the stream."""
        looker = trace.tracer
        if looker is not None:
            return told("recv", self, super().recv, size_bytes)
        chunk = _recv(self, size_bytes)
        looker = trace.tracer
        if looker is not None:  # since this began to wait
            told_late("recv", self, (size_bytes,), chunk)
        return chunk

    def send(self, data: bytes | memoryview, flags: int = 0, /) -> int:  # type: ignore[override]
        """Give the kernel what it takes of `data`; return how many bytes that was."""
        if trace.tracer is not None:
            return told("send", self, lambda sent: _send(self, sent, flags), data)
        return _send(self, data, flags)

    def _accept_traced(self) -> tuple[TracedSocket, Any]:
        descriptor, address = self._accept()  # type: ignore[attr-defined]
        return TracedSocket(self.family, self.type, self.proto, descriptor), address
