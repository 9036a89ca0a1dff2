"""What a client of a journal sent, sent again: to any server, at its pauses, quicker, or at once.

The bytes are the same and a datagram stays a datagram; where a stream is cut is the kernel's affair
again. The connection ends politely whatever the end was, so that nothing on its way is lost.
"""

from __future__ import annotations

import hashlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from app.journal.entry import Endpoint, Kind
from app.teaching.crowd import DIALLED

if TYPE_CHECKING:
    from app.journal.entry import Entry
    from app.journal.reader import Reader

PATIENCE_S = 10.0  # for the server to answer, and for it to take what is sent
QUIET_S = 1.0  # at the end: so long nothing has come any more
_LOOK_S = 0.1  # between two looks at whether it is paused or stopped
_TOGETHER = 64  # chunks that are read at once; one is 1 MiB at most
_RECV_BYTES = 65_536
_DATAGRAMS_AT_ONCE, _REST_S = 16, 0.001  # more without a rest no receiver keeps up with
LONGEST_DATAGRAM = 65_507


class Carrier(StrEnum):
    """By what the bytes travel."""

    TCP = "tcp"
    TLS = "tls"
    UDP = "udp"


class Target(NamedTuple):
    """Where to."""

    carrier: Carrier
    endpoint: Endpoint


def read_target(text: str) -> tuple[str, Endpoint]:
    """Return what `tls://HOST:PORT` names: a Carrier, "" if it says none, and where.

    Raises ValueError.
    """
    carrier, scheme, place = text.strip().rpartition("://")
    host, _, port = place.rpartition(":")
    plain = host.removeprefix("[").removesuffix("]")
    number = int(port) if port.isascii() and port.isdigit() else 0
    if (scheme and carrier not in set(Carrier)) or not plain or not 0 < number < 1 << 16:
        raise ValueError(text)
    if ":" in plain and plain == host:
        raise ValueError(text)
    return carrier, Endpoint(plain, number)


class Stopped(Exception):
    """The user wants no more of it."""


class Replayed(NamedTuple):
    """What was sent again."""

    chunks: int
    size_bytes: int
    sha256: str  # of all that was sent, in its order
    received_bytes: int
    whole: bool  # False: the server closed before all was sent


class Control:
    """Pauses and stops a replay. Any thread."""

    def __init__(self) -> None:
        self._goes = threading.Event()
        self._goes.set()
        self.stopped = False

    def pause(self, paused: bool) -> None:
        """Send nothing until it goes on."""
        (self._goes.clear if paused else self._goes.set)()

    def stop(self) -> None:
        """Let `run` raise Stopped soon."""
        self.stopped = True
        self._goes.set()

    def look(self) -> float:
        """Wait while it is paused; return for how long, in seconds. Raises Stopped."""
        begun_s = time.monotonic()
        while not self._goes.wait(_LOOK_S):
            pass
        if self.stopped:
            raise Stopped
        return time.monotonic() - begun_s


class Replay:
    """One client's run, once more. Made in any thread; `run` blocks.

    `own_endpoint` is known before the server sees it where the target is this machine.
    """

    def __init__(self, target: Target, speed: float, control: Control | None = None) -> None:
        """`speed`: 2 halves all pauses, 0 leaves none. Raises OSError: there is no such host."""
        self.control = control or Control()
        self._target, self._speed = target, speed
        self._is_stream = target.carrier is not Carrier.UDP
        self._sha, self._chunks, self._sent, self._received = hashlib.sha256(), 0, 0, 0
        kind = socket.SOCK_STREAM if self._is_stream else socket.SOCK_DGRAM
        host, port = DIALLED.get(target.endpoint.host, target.endpoint.host), target.endpoint.port
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=kind)[0]
        self._address: tuple[Any, ...] = address
        self._socket = socket.socket(family, kind, protocol)
        with suppress(OSError):  # a host of elsewhere: any address of ours will do
            self._socket.bind((self._address[0], 0, *self._address[2:]))
        self.own_endpoint = Endpoint(*self._socket.getsockname()[:2])

    def close(self) -> None:
        """Give the socket back. Twice does no harm."""
        self._socket.close()

    def run(
        self,
        reader: Reader,
        client_id: int,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Replayed:
        """Send all that the client sent; return how it went. `progress`: bytes done, and in all.

        Raises Stopped, OSError (ssl.SSLError is one) and JournalUnreadable.
        """
        try:
            self._connect()
            total = total_bytes(reader, client_id)
            whole = self._send_all(reader, client_id, lambda: progress(self._sent, total))
            if whole:
                self._say_goodbye()
        finally:
            self.close()
        sha256 = self._sha.hexdigest()
        return Replayed(self._chunks, self._sent, sha256, self._received, whole)

    def _connect(self) -> None:
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(self._address)
        if self._is_stream:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._target.carrier is Carrier.TLS:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False  # a server under test mostly signed its own certificate
            context.verify_mode = ssl.CERT_NONE
            host = self._target.endpoint.host
            self._socket = context.wrap_socket(self._socket, server_hostname=host)
        self._socket.setblocking(False)

    def _send_all(self, reader: Reader, client_id: int, tell: Callable[[], None]) -> bool:
        """Return False if the server closed before that."""
        begin_s, first_ns = time.monotonic(), 0
        for entry in _sent_by(reader, client_id):
            first_ns = first_ns or entry.mono_ns
            begin_s += self.control.look()
            if self._speed:
                due_s = begin_s + max(entry.mono_ns - first_ns, 0) / 1e9 / self._speed
                waited = self._wait_until(due_s)
                if waited is None:
                    return False
                begin_s += waited
            if not self._send(entry.data):
                return False
            self._chunks += 1
            self._sent += len(entry.data)
            self._sha.update(entry.data)
            tell()
            if not self._is_stream and not self._speed and self._chunks % _DATAGRAMS_AT_ONCE == 0:
                time.sleep(_REST_S)
        return True

    def _wait_until(self, due_s: float) -> float | None:
        """Hear what comes until then; return how long it was paused, None if the server closed."""
        paused_s = 0.0
        while (left_s := due_s + paused_s - time.monotonic()) > 0:
            if not self._hear(min(left_s, _LOOK_S)):
                return None
            now_s = self.control.look()
            paused_s += now_s if now_s > _LOOK_S else 0.0
        return paused_s

    def _send(self, data: bytes) -> bool:
        """Send all of it, and hear what comes meanwhile; False if the server closed."""
        rest = memoryview(data)
        until_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                sent = self._socket.send(rest)
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                sent = 0
            except (BrokenPipeError, ConnectionResetError):
                return False
            rest = rest[sent:]
            if not rest:
                return True
            if sent:
                until_s = time.monotonic() + PATIENCE_S
            elif time.monotonic() >= until_s and not self.control.stopped:
                raise TimeoutError
            if not self._hear(_LOOK_S, writes=True):
                return False
            self.control.look()

    def _hear(self, patience_s: float, *, writes: bool = False) -> bool:
        """Wait for something to come, or to go; take all that came. False: the server closed."""
        pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()
        if not pending:
            selected = select_one(self._socket, patience_s, writes=writes)
            if not selected:
                return True
        try:
            while chunk := self._socket.recv(_RECV_BYTES):
                self._received += len(chunk)
            return not self._is_stream  # an empty datagram ends nothing
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return True
        except (ConnectionResetError, ssl.SSLEOFError):
            return False

    def _say_goodbye(self) -> None:
        """End our direction, and hear the rest of what the server has to say, for a moment."""
        if self._is_stream and not isinstance(self._socket, ssl.SSLSocket):
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
        heard, until_s = self._received, time.monotonic() + QUIET_S
        while time.monotonic() < until_s and self._hear(_LOOK_S):
            if self.control.stopped:
                break
            if self._received != heard:
                heard, until_s = self._received, time.monotonic() + QUIET_S
        if isinstance(self._socket, ssl.SSLSocket):
            with suppress(OSError, ValueError):
                self._socket.unwrap()


def select_one(sock: socket.socket, patience_s: float, *, writes: bool) -> bool:
    """Wait until something can be read, or with `writes` written; return whether it can be read."""
    if hasattr(select, "poll"):  # select() takes no descriptor above 1023
        poll = select.poll()
        poll.register(sock, select.POLLIN | (select.POLLOUT if writes else 0))
        events = poll.poll(patience_s * 1_000)
        return any(event & ~select.POLLOUT for _, event in events)
    readable, _, _ = select.select([sock], [sock] if writes else [], [], patience_s)
    return bool(readable)


def _sent_by(reader: Reader, client_id: int) -> Iterator[Entry]:
    """Yield the chunks that came from a client, as far as they are still there."""
    after_id = 0
    while entries := reader.ahead(client_id, Kind.IN, after_id, _TOGETHER):
        yield from entries
        after_id = entries[-1].id


def total_bytes(reader: Reader, client_id: int) -> int:
    """Return what a client sent that the journal still has."""
    first = reader.ahead(client_id, Kind.IN, 0, 1)
    last = reader.back(client_id, Kind.IN, reader.last_id + 1, 1)
    if not first or not last:
        return 0
    return last[0].offset + len(last[0].data) - first[0].offset


def carrier_of(reader: Reader, client_id: int) -> Carrier:
    """Return by what a client came."""
    record = reader.client(client_id)
    kinds = {opening.server_id: opening.kind for opening in reader.openings()}
    kind = kinds.get(record.server_id, "") if record is not None else ""
    return Carrier(kind) if kind in set(Carrier) else Carrier.TCP
