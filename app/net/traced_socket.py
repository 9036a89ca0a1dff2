"""A socket that tells the tracer what is done with it."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

from app.net.trace import told


class TracedSocket(socket.socket):
    """Tells of all calls but `recv` and `send`: those are made for every chunk, and `wire` tells.

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
        """Return the next client's socket and address. Raises OSError."""
        return told("accept", self, self._accept_traced)

    def shutdown(self, how: int, /) -> None:
        """End one direction, or both."""
        told("shutdown", self, super().shutdown, how)

    def close(self) -> None:
        """Give the descriptor back."""
        if self.fileno() >= 0:
            told("close", self, super().close)

    def _accept_traced(self) -> tuple[TracedSocket, Any]:
        plain, address = super().accept()
        if not address:  # macOS, where a client connects and vanishes
            plain.close()
            raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))
        return TracedSocket(self.family, self.type, self.proto, plain.detach()), address
