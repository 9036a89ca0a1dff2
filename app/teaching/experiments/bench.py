"""A server and clients of an experiment's own, on 127.0.0.1."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from app.journal.entry import Kind
from app.net.facts import Endpoint, ServerOptions
from app.net.server import Server
from app.net.wire import SYSTEM_WIRE
from app.teaching.experiments.facts import Word
from app.teaching.experiments.lab import PATIENCE_S, TookTooLong
from app.teaching.peers import PeerSocket

if TYPE_CHECKING:
    from app.journal.entry import Entry
    from app.net.answers import Reply
    from app.net.crowd import Crowd
    from app.net.facts import SendReport
    from app.net.session import Session
    from app.net.traced_socket import TracedSocket
    from app.net.wire import Wire
    from app.teaching.experiments.lab import Lab

HOST = "127.0.0.1"
MOST_BYTES = 65_536
_TURN_S = 0.05  # so soon a waiting client notices that it was cancelled
_RST = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close sends a RST (socket(7))


class Bench:
    """One `app.net.Server` that writes into the lab's journal. It is its own watcher."""

    def __init__(
        self, lab: Lab, make: type[Server] = Server, *, reply: Reply | None = None, **options: Any
    ) -> None:
        """Open a free port. `options` are those of ServerOptions. Raises OSError, ListenError."""
        self.lab = lab
        self.joins: list[Session] = []
        self.gone: list[Session] = []
        self.reports: list[SendReport] = []
        self._sockets: dict[int, TracedSocket] = {}
        with closing(lab.journal.reader()) as reader:
            self._first_id = reader.last_id + 1
        with ExitStack() as opening:
            self.server = make(
                ServerOptions(host=HOST, port=0, show=lab.show, **options),
                lab.journal, watcher=self, reply=reply, wire=self._wire,
            )  # fmt: skip
            self.endpoint = self.server.open()[0]
            listener = threading.Thread(target=self.server.serve, name="experiment", daemon=True)
            listener.start()
            opening.callback(listener.join)
            opening.callback(self.server.stop)
            self._open = opening.pop_all()
        lab.belongings.callback(self.close)
        lab.bench = self

    def close(self) -> None:
        """Close the port and wait until everything has ended."""
        self._open.close()

    def join(self, who: PeerSocket | None = None) -> tuple[Client, Session]:
        """Connect a client (with `who`, in that one's lane), and wait until it is welcomed."""
        client = Client(self.lab, self.endpoint, who)
        return client, self.welcomed(client)

    def welcomed(self, client: Client) -> Session:
        """Wait until the server has welcomed a client that has connected."""
        self.lab.wait_until(lambda: self.session_of(client.endpoint))
        session = self.session_of(client.endpoint)
        assert session is not None
        return session

    def session_of(self, endpoint: Endpoint) -> Session | None:
        """Return the session of the client that comes from there, if it was welcomed."""
        return next((s for s in list(self.joins) if s.endpoint == endpoint), None)

    def wait_received(self, session: Session, size_bytes: int) -> None:
        """Wait until recv has returned so many bytes of this client."""
        self.lab.wait_until(lambda: session.bytes_in >= size_bytes)

    def wait_gone(self, session: Session) -> None:
        """Wait until the client is offline."""
        self.lab.wait_until(lambda: session in self.gone)

    def socket_of(self, session: Session) -> TracedSocket:
        """Return the server's socket of this client, to look at: its worker alone reads."""
        return self._sockets[session.client_id]

    def waits_in_kernel(self, session: Session) -> int:
        """Return how many bytes have arrived that nobody has called recv for, up to MOST_BYTES."""
        flags = socket.MSG_PEEK | getattr(socket, "MSG_DONTWAIT", 0)
        try:
            return len(socket.socket.recv(self.socket_of(session), MOST_BYTES, flags))
        except (BlockingIOError, TimeoutError):  # Windows waits a turn, and then says so
            return 0

    def entries(self) -> list[Entry]:
        """Return what the journal holds of this server: all that happened, in order."""
        mine = {0, *(session.client_id for session in self.joins)}
        with closing(self.lab.journal.reader()) as reader:
            entries = reader.entries(self._first_id, reader.last_id)
        return [entry for entry in entries if entry.client_id in mine]

    def chunks(self, session: Session) -> list[bytes]:
        """Return what each recv of this client's worker has returned, but for the last b""."""
        return [
            entry.data
            for entry in self.entries()
            if entry.kind == Kind.IN and entry.client_id == session.client_id
        ]

    def _wire(self, client: TracedSocket, crowd: Crowd) -> Wire:
        self._sockets[client.client_id] = client
        return SYSTEM_WIRE(client, crowd)

    # -- the watcher: the network's threads ----------------------------------------------------

    def joined(self, session: Session) -> None:
        """See `Watcher`."""
        self.joins.append(session)
        self.lab.welcomed.append(session)

    def left(self, session: Session) -> None:
        """See `Watcher`."""
        self.gone.append(session)

    def sent(self, report: SendReport) -> None:
        """See `Watcher`."""
        self.reports.append(report)


def reason_word(session: Session) -> Word:
    """Return why a client's connection ended, or that it has not."""
    return Word(str(session.reason or "still_online"))


class Peer:
    """One end of a connection with a plain socket, for the experiment's thread."""

    def __init__(self, lab: Lab, connected: PeerSocket) -> None:
        self._lab = lab
        self.socket = lab.belongings.enter_context(connected)
        # Each send goes out at once: what is glued or split is so for another reason.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(_TURN_S)

    def did(self, name: str, count: int = 1) -> tuple[int, ...]:
        """Return the ids of the newest calls of that name: what a step speaks of."""
        return self._lab.did(self.socket, name, count)

    def send(self, data: bytes) -> None:
        """Send all of it: little, which the kernel takes at once. Raises OSError."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.socket.send(rest) :]

    def recv(self, size_bytes: int = MOST_BYTES) -> bytes:
        """Wait for at most so many bytes; b"" is the end.

        Raises Cancelled, TookTooLong, OSError.
        """
        until_s = time.monotonic() + PATIENCE_S

        def look_up() -> None:
            self._lab.check()
            if time.monotonic() > until_s:
                raise TookTooLong(self._lab.last_step)

        return self.socket.wait_and_recv(size_bytes, look_up)

    def has_news(self) -> bool:
        """Return whether recv would return at once."""
        self.socket.settimeout(0)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(_TURN_S)
        return True

    def close(self) -> None:
        """Leave politely, with a FIN."""
        self.socket.close()

    def reset(self) -> None:
        """Leave with a RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
        self.socket.close()


class Client(Peer):
    """Somebody who has connected; it has a lane of its own."""

    def __init__(self, lab: Lab, server: Endpoint, who: PeerSocket | None = None) -> None:
        """Connect; with `who`, in that one's lane. Raises OSError."""
        name = who.name if who else lab.name_client(server)
        connecting = lab.belongings.enter_context(PeerSocket(name, who))
        connecting.settimeout(PATIENCE_S)
        connecting.connect(server)
        self.endpoint = Endpoint(*connecting.getsockname())
        super().__init__(lab, connecting)


def connected(lab: Lab, name: str) -> tuple[Client, Peer]:
    """A client, and the other side of it with nothing around, in a lane of this name.

    Raises OSError.
    """
    with PeerSocket.listening(name, HOST) as listening:
        client = Client(lab, Endpoint(*listening.getsockname()))
        accepted, _ = listening.accept()
    return client, Peer(lab, accepted)
