"""A client of our own, for whoever has none at hand: a real socket in a real thread."""

from __future__ import annotations

import contextlib
import socket
import threading

from app.net.facts import Endpoint

GREETING = b"Hello Neo"
_RECV_SIZE_BYTES = 4096
_DIALLED = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # nobody can dial "all addresses"


class DemoClient:
    """Says "Hello Neo" every second and reads what it is answered, until `stop` or the end.

    Made for the server's endpoint. The constructor raises OSError where there is no socket to be
    had; `start`, `stop` and `join` are for any thread. Each demo client has two threads, one that
    talks and one that listens, because the one that listens waits for nothing else.
    """

    def __init__(self, server: Endpoint, *, every_s: float = 1.0) -> None:
        host = _DIALLED.get(server.host, server.host)
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, server.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )[0]
        self._server = address
        self._socket = socket.socket(family, kind, protocol)
        try:
            # The server is on this machine, so its address is one of ours. Bound before it dials,
            # the client's own endpoint is known before the server sees it.
            self._socket.bind((address[0], 0, *address[2:]))
        except OSError:
            self._socket.close()
            raise
        self.endpoint = Endpoint(*self._socket.getsockname()[:2])
        self.sent_bytes = 0
        self.received_bytes = 0
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._talk, name=f"demo-client {self.endpoint}", daemon=True
        )

    @property
    def is_running(self) -> bool:
        """Whether it still talks; false also when the server has ended the connection."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Dial, and begin to talk. Returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Leave politely. Returns at once; before `start`, this is all there is to it."""
        self._ended.set()
        with contextlib.suppress(OSError):  # not connected, or not any more
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.ident is None:
            self._socket.close()

    def join(self, timeout_s: float | None = None) -> None:
        """Wait until it has left."""
        self._thread.join(timeout_s)

    def _talk(self) -> None:
        with self._socket, contextlib.suppress(OSError):  # refused, reset: then it is over
            self._socket.connect(self._server)
            listening = threading.Thread(
                target=self._listen, name=f"{self._thread.name} (listening)", daemon=True
            )
            listening.start()
            try:
                while not self._ended.is_set():
                    self.sent_bytes += self._socket.send(GREETING)
                    self._ended.wait(self._every_s)
            finally:
                self.stop()
                listening.join()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while chunk := self._socket.recv(_RECV_SIZE_BYTES):
                self.received_bytes += len(chunk)
        self._ended.set()
