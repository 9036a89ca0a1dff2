"""One peer of a UDP server: whoever sends from one address, or was sent to.

It has no connection and no worker: the server's one thread receives for all. The rest is a
session's: what is sent goes through an outbox and is in the journal as the kernel took it.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.journal.entry import Kind
from app.net.facts import CloseReason, SendResult
from app.net.oserrors import error_text
from app.net.outlet import Outlet
from app.net.session import Session

if TYPE_CHECKING:
    from app.net.facts import Endpoint
    from app.net.in_flight import InFlight
    from app.net.outbox import Pieces
    from app.net.shared import Shared
    from app.net.tally import Counts

LONGEST_BYTES = 65_507  # of a datagram over IPv4: 65,535 without the two headers


class PeerWire:
    """A `Wire` that sends datagrams to one address, and never receives."""

    is_ready = True
    is_cut_off = False
    largest_send_bytes = sys.maxsize
    unsent_bytes = 0

    def __init__(
        self, own: socket.socket, address: tuple[Any, ...], ends: Callable[[], object]
    ) -> None:
        """`ends` is called when somebody wants the peer to be forgotten. Any thread."""
        self.lock = threading.Lock()
        self._socket = own
        self._address = address
        self._ends = ends
        self._twin: socket.socket | None = None

    def send(self, data: bytes | memoryview, /) -> int:
        """Send a datagram. Raises BlockingIOError: the kernel has no room; OSError."""
        try:
            return self._socket.sendto(data, self._address)
        except ConnectionError:  # about an earlier datagram, perhaps to somebody else
            return self._socket.sendto(data, self._address)

    def fileno(self) -> int:
        """Return a descriptor of its own, for a selector: all peers share the socket's."""
        if self._twin is None:
            self._twin = self._socket.dup()
        return self._twin.fileno()

    def stop_receiving(self) -> None:
        """Have the peer forgotten."""
        self._ends()

    def close(self) -> None:
        """Give back what this peer had of its own."""
        if self._twin is not None:
            self._twin.close()

    def flush(self) -> bool:
        """What was taken, the kernel has."""
        return True

    def end_stream(self) -> None:
        """There is no stream."""

    def in_flight(self) -> InFlight | None:
        """Nobody acknowledges a datagram."""
        return None

    def has_left(self) -> bool:
        """Nobody knows."""
        return False

    def prepare(self, keepalive_s: int) -> None:
        """The socket is the server's."""

    def greet(self, client: Session) -> None:
        """Nothing comes first."""

    def recv(self, size_bytes: int, /) -> bytes:
        """The server receives."""
        raise NotImplementedError

    def step_aside(self) -> None:
        """No worker waits for this peer."""

    def reset_at_close(self) -> None:
        """There is no connection to break off."""


class PeerOutlet(Outlet):
    """Each send is one datagram, and one that fails does not make the next one fail."""

    __slots__ = ()

    def send(
        self,
        data: bytes | Pieces,
        encoding: str,
        tally: Counts | None = None,
        *,
        keep: bool = True,
    ) -> SendResult:
        """Send one datagram. What is too long for that is refused whole."""
        size_bytes = len(data) if isinstance(data, bytes) else sum(map(len, data))
        if size_bytes <= LONGEST_BYTES:
            # An empty one is one, too.
            return super().send(data or (b"",), encoding, tally, keep=keep)
        facts = {"size_bytes": size_bytes, "limit_bytes": LONGEST_BYTES}
        self._shared.journal.append_event(self._client_id, Kind.TOO_LONG, **facts)
        if tally is not None:
            tally.settle(self._client_id, SendResult.FAILED)
        return SendResult.FAILED

    def _break(self, error: OSError | None) -> None:
        if error is None:  # the journal is closed
            super()._break(None)
            return
        parcel = self._outbox.drop_first()
        self._shared.journal.append_event(
            self._client_id, Kind.SEND_FAILED, error=error.strerror or error_text(error)
        )
        if parcel.tally is not None:
            parcel.tally.settle(self._client_id, SendResult.FAILED)


class Peer(Session):
    """A client without a connection. Its worker's methods are the server's thread's."""

    __slots__ = ("address_key", "is_unreachable")

    def __init__(
        self,
        client_id: int,
        endpoint: Endpoint,
        wire: PeerWire,
        encoding: str,
        shared: Shared,
        address_key: tuple[Any, ...],
    ) -> None:
        super().__init__(client_id, endpoint, wire, encoding, shared)
        self.outlet = PeerOutlet(client_id, wire, shared)
        self.address_key = address_key  # the system's form of the endpoint
        self.is_unreachable = False  # its system has said that nobody is there

    def hear(self, datagram: bytes) -> None:
        """Record and answer what came."""
        self.is_unreachable = False
        self.record(datagram)
        self.answering.hear(datagram)

    def leave(self, reason: CloseReason) -> None:
        """Forget it."""
        self._close(self.outlet.finishes or reason, "")

    def wait_for_room(self, size_bytes: int) -> None:
        """Nobody may wait here: the others would not be heard."""

    @property
    def thread_name(self) -> str:
        """There is one thread for all."""
        return "listener"


def drops(own: socket.socket) -> int:
    """Return how many datagrams the kernel has thrown away; 0 where it does not tell. Linux 4.12.

    They came faster than they were received, or while the disk was waited for.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            numbers = own.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36)
            return int.from_bytes(numbers[32:36], sys.byteorder)
    return 0


_SO_MEMINFO = 55  # asm-generic/socket.h: nine u32, the last of which counts drops
