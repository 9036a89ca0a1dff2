"""A real server on loopback, real clients, and what can be asked of them."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from app.journal.entry import Entry, Kind
from app.journal.journal import Journal
from app.net.answers import Reply
from app.net.facts import Endpoint, SendReport, ServerOptions
from app.net.server import Server
from app.net.session import Session
from app.net.wire import SYSTEM_WIRE, MakeWire
from app.reply import ChunkReply
from tests.support.wait import PATIENCE_S, wait_until

TIMEOUT_S = PATIENCE_S
Socket = TypeVar("Socket", bound=socket.socket)


class Recorder:
    """A watcher that remembers; reports are copied, because the server goes on changing them."""

    def __init__(self) -> None:
        self.joins: list[Session] = []
        self.leaves: list[Session] = []
        self.reports: list[SendReport] = []

    def joined(self, session: Session) -> None:
        self.joins.append(session)

    def left(self, session: Session) -> None:
        self.leaves.append(session)

    def sent(self, report: SendReport) -> None:
        self.reports.append(deepcopy(report))


class Rig:
    """One server in a thread of its own. Use as a context manager."""

    def __init__(
        self,
        folder: Path,
        *,
        reply: Reply | None = None,
        wire: MakeWire = SYSTEM_WIRE,
        journal: Journal | None = None,
        server: type[Server] = Server,
        **options: Any,
    ) -> None:
        self.journal = journal or Journal(folder / "journal.db")
        self._owns_journal = journal is None
        self.seen = Recorder()
        options = {"host": "127.0.0.1", "port": 0, **options}
        self.server = server(
            ServerOptions(**options), self.journal, watcher=self.seen, reply=reply, wire=wire
        )
        self.listener = threading.Thread(target=self.server.serve, name="listener")
        self._clients = contextlib.ExitStack()

    def __enter__(self) -> Rig:
        try:
            self.server.open()
        except BaseException:
            self.journal.close()
            raise
        self.listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._clients.close()
        self.stop()
        if self._owns_journal:
            self.journal.close()

    def stop(self) -> None:
        """Close the port and wait for the end of everything."""
        self.server.stop()
        self.listener.join(20)
        assert not self.listener.is_alive(), "the listener did not end"

    @property
    def endpoint(self) -> Endpoint:
        return self.server.endpoints[0]

    def dial(self, *, recv_buffer_bytes: int = 0) -> socket.socket:
        """Connect; the socket is closed at the end."""
        family = socket.AF_INET6 if ":" in self.endpoint.host else socket.AF_INET
        client = self._clients.enter_context(socket.socket(family))
        client.settimeout(TIMEOUT_S)
        if recv_buffer_bytes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, recv_buffer_bytes)
        client.connect(self.endpoint)
        return client

    def keep(self, client: Socket) -> Socket:
        """Have this socket closed at the end, too."""
        return self._clients.enter_context(client)

    def join(self, **options: Any) -> tuple[socket.socket, Session]:
        """Connect, and wait until the server has welcomed the client."""
        client = self.dial(**options)
        return client, self.session_of(client)

    def session_of(self, client: socket.socket) -> Session:
        port = client.getsockname()[1]

        def find() -> list[Session]:
            return [s for s in list(self.seen.joins) if s.endpoint.port == port]

        wait_until(find)
        return find()[-1]

    def entries(self, kind: Kind | None = None, client_id: int | None = None) -> list[Entry]:
        """What the journal holds now."""
        reader = self.journal.reader()
        try:
            found = reader.entries(reader.first_id, reader.last_id)
        finally:
            reader.close()
        return [
            entry
            for entry in found
            if (kind is None or entry.kind == kind)
            and (client_id is None or entry.client_id == client_id)
        ]

    def stream(self, kind: Kind, client_id: int) -> bytes:
        """All bytes of one client and direction."""
        return b"".join(entry.data for entry in self.entries(kind, client_id))

    def wait_gone(self, session: Session) -> None:
        wait_until(lambda: session in self.seen.leaves, TIMEOUT_S)


def reset(client: socket.socket) -> None:
    """Close with an RST instead of a FIN."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def receive_exactly(client: socket.socket, size_bytes: int) -> bytes:
    """Read so many bytes; fewer only if the stream ends."""
    received = bytearray()
    while len(received) < size_bytes:
        chunk = client.recv(min(65_536, size_bytes - len(received)))
        if not chunk:
            break
        received += chunk
    return bytes(received)


def receive_all(client: socket.socket) -> bytes:
    """Read to the end of the stream, or to a reset."""
    received = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while chunk := client.recv(65_536):
            received += chunk
    return bytes(received)


class By(ChunkReply):
    """Answers as a function of the client's encoding and the chunk says."""

    def __init__(self, answer: Callable[[str, bytes], bytes]) -> None:
        self._answer = answer

    def __call__(self, encoding: str, chunk: bytes, /) -> bytes:
        return self._answer(encoding, chunk)
