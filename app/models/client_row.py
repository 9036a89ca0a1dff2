"""What a row of the client table is made of: a live session, or a client of an old journal."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from app.journal.entry import ClientRecord, Opening, Role
from app.journal.refs import ClientRef, JournalKey
from app.net.facts import ClientState, CloseReason, Endpoint

if TYPE_CHECKING:
    pass

Totals = Mapping[int, tuple[int, int]]
"""Bytes received from and sent to a client, by its id."""


class Client(Protocol):
    """What the table reads of a client, in the GUI thread and without a lock.

    A `Session` is one, while it is online and after. None stands for what is not known.
    """

    @property
    def ref(self) -> ClientRef:
        """Which client of which journal: what orders are given for."""

    @property
    def client_id(self) -> int:
        """Its number alone: unique in one journal, ascending."""

    @property
    def server_id(self) -> int:
        """Which server accepted it."""

    @property
    def server_kind(self) -> str:
        """Of what kind that server is."""

    @property
    def server_name(self) -> str:
        """What the user calls that server."""

    @property
    def endpoint(self) -> Endpoint:
        """Where it came from."""

    @property
    def local(self) -> Endpoint:
        """This machine's side of the connection; NOWHERE where nobody noted it."""

    @property
    def role(self) -> Role:
        """What it is to its server."""

    @property
    def peer_id(self) -> int:
        """The client at the other end of a forward; 0: none."""

    @property
    def thread_name(self) -> str:
        """The name of its worker."""

    @property
    def encoding(self) -> str:
        """How its bytes are shown: an Encoding's name."""

    @property
    def note(self) -> str:
        """What the user typed."""

    @property
    def state(self) -> ClientState:
        """Where its worker stands."""

    @property
    def bytes_in(self) -> int | None:
        """Bytes received."""

    @property
    def bytes_out(self) -> int | None:
        """Bytes that the kernel took."""

    @property
    def waiting_bytes(self) -> int | None:
        """Bytes in its outbox."""

    @property
    def unacknowledged(self) -> tuple[int, int] | None:
        """Bytes that the kernel took and the peer has not acknowledged for so many seconds."""

    @property
    def last_active_mono_ns(self) -> int | None:
        """When bytes last came in or went out (time.monotonic_ns)."""

    @property
    def opened_ns(self) -> int:
        """When it was accepted (wall clock)."""

    @property
    def reason(self) -> CloseReason | None:
        """Why it closed; None while online."""

    @property
    def unsent_bytes(self) -> int:
        """Bytes that were never sent; known when offline."""

    @property
    def is_demo(self) -> bool:
        """Whether it is one of our own demo clients."""


class RecordedClient:
    """A client of an old journal: nothing of it changes but the encoding it is read in."""

    __slots__ = (
        "_record", "_totals", "encoding", "endpoint", "ref", "server_kind", "server_name",
    )  # fmt: skip

    state = ClientState.OFFLINE
    thread_name = ""
    waiting_bytes: int | None = None
    unacknowledged: tuple[int, int] | None = None
    last_active_mono_ns: int | None = None
    unsent_bytes = 0
    is_demo = False

    def __init__(
        self,
        record: ClientRecord,
        journal: JournalKey,
        totals: Totals = MappingProxyType({}),
        opening: Opening | None = None,
    ) -> None:
        """`totals` may become known later. `opening`: of its server, if that is known."""
        self.server_kind = opening.kind if opening else "tcp"
        self.server_name = opening.name if opening else ""
        self.ref = ClientRef(journal, record.client_id)
        self._record = record
        self._totals = totals
        self.endpoint = Endpoint(record.host, record.port)
        self.encoding = record.encoding

    @property
    def client_id(self) -> int:
        """Unique in its journal."""
        return self._record.client_id

    @property
    def server_id(self) -> int:
        """Which server accepted it."""
        return self._record.server_id

    @property
    def local(self) -> Endpoint:
        """This machine's side of the connection."""
        return Endpoint(self._record.local_host, self._record.local_port)

    @property
    def role(self) -> Role:
        """What it was to its server."""
        known = self._record.role in Role.__members__.values()
        return Role(self._record.role) if known else Role.CLIENT

    @property
    def peer_id(self) -> int:
        """The client at the other end of a forward; 0: none."""
        return self._record.peer_id

    @property
    def opened_ns(self) -> int:
        """When it was accepted (wall clock)."""
        return self._record.opened_ns

    @property
    def note(self) -> str:
        """What the user typed then; it cannot be changed here."""
        return self._record.note

    @property
    def reason(self) -> CloseReason | None:
        """Why it closed; None if the program died before it did."""
        known = self._record.reason in CloseReason.__members__.values()
        return CloseReason(self._record.reason) if known else None

    @property
    def bytes_in(self) -> int | None:
        """Bytes received; None while it is not known."""
        known = self._totals.get(self._record.client_id)
        return None if known is None else known[0]

    @property
    def bytes_out(self) -> int | None:
        """Bytes sent; None while it is not known."""
        known = self._totals.get(self._record.client_id)
        return None if known is None else known[1]
