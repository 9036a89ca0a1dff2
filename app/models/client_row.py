"""One row of the client table: a live session, or a client of an old journal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from app.net.facts import ClientState, CloseReason, Endpoint

if TYPE_CHECKING:
    from app.journal.entry import ClientRecord
    from app.net.session import Session


class ClientRow(Protocol):
    """What the table shows of a client; read without locks, in the GUI thread."""

    client_id: int
    endpoint: Endpoint
    thread_name: str
    opened_ns: int

    @property
    def online(self) -> bool:
        """Whether the client is connected now."""

    @property
    def state(self) -> ClientState:
        """Where its worker stands."""

    @property
    def encoding(self) -> str:
        """How its bytes are shown."""

    @property
    def note(self) -> str:
        """What the user typed."""

    @property
    def reason(self) -> CloseReason | None:
        """Why it closed; None while it is online."""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Bytes in, bytes out, bytes waiting to be sent."""

    @property
    def is_demo(self) -> bool:
        """Whether this is one of our own demo clients."""

    def idle_ns(self, now_mono_ns: int) -> int:
        """How long nothing was received or sent; for a closed client: since it closed."""

    def shown(self, now_mono_ns: int) -> tuple[object, ...]:
        """Everything that can change, at the resolution in which it is shown."""

    def sort_key(self, column: int) -> Any:
        """What this row is sorted by."""


class _Row:
    """The parts that both kinds of rows share."""

    __slots__ = ()

    def shown(self: Any, now_mono_ns: int) -> tuple[object, ...]:
        """Everything that can change, at the resolution in which it is shown."""
        idle_s = self.idle_ns(now_mono_ns) // 1_000_000_000
        if idle_s >= 60:
            idle_s -= idle_s % 60
        return (self.state, self.encoding, self.counts, idle_s, self.reason, self.note)

    def sort_key(self: Any, column: int) -> Any:
        """What this row is sorted by; the number decides between equals."""
        return (self._key(column), self.client_id)

    def _key(self: Any, column: int) -> Any:
        counts = self.counts
        keys = (
            0,
            _host_key(self.endpoint),
            self.state,
            self.encoding,
            counts[0],
            counts[1],
            counts[2],
            self.idle_ns(time.monotonic_ns()),
            self.reason or "",
            self.thread_name,
            self.opened_ns,
            self.note,
        )
        return keys[column]


class SessionRow(_Row):
    """A row over a live session, which stays readable after it has closed."""

    __slots__ = ("_session", "client_id", "endpoint", "opened_ns", "thread_name")

    def __init__(self, session: Session) -> None:
        self._session = session
        self.client_id = session.client_id
        self.endpoint = session.endpoint
        self.thread_name = session.thread_name
        self.opened_ns = session.opened_ns

    @property
    def online(self) -> bool:
        """Whether the client is connected now."""
        return self._session.state is not ClientState.OFFLINE

    @property
    def state(self) -> ClientState:
        """Where its worker stands."""
        return self._session.state

    @property
    def encoding(self) -> str:
        """How its bytes are shown."""
        return self._session.encoding

    @property
    def note(self) -> str:
        """What the user typed."""
        return self._session.note

    @property
    def reason(self) -> CloseReason | None:
        """Why it closed."""
        return self._session.reason

    @property
    def counts(self) -> tuple[int, int, int]:
        """Bytes in, out, waiting."""
        session = self._session
        return (session.bytes_in, session.bytes_out, session.waiting_bytes)

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo client."""
        return self._session.is_demo

    def idle_ns(self, now_mono_ns: int) -> int:
        """How long nothing was received or sent."""
        return max(0, now_mono_ns - self._session.last_active_mono_ns)


class RecordRow(_Row):
    """A row over a client of an old journal: nothing changes but the encoding it is shown in."""

    __slots__ = ("_record", "client_id", "encoding", "endpoint", "note", "opened_ns", "thread_name")

    is_demo = False
    online = False
    state = ClientState.OFFLINE
    counts = (0, 0, 0)

    def __init__(self, record: ClientRecord) -> None:
        self._record = record
        self.client_id = record.client_id
        self.endpoint = Endpoint(record.host, record.port)
        self.thread_name = ""
        self.opened_ns = record.opened_ns
        self.encoding = record.encoding
        self.note = record.note

    @property
    def reason(self) -> CloseReason | None:
        """Why it closed; None if the program died before it did."""
        try:
            return CloseReason(self._record.reason)
        except ValueError:
            return None

    def idle_ns(self, now_mono_ns: int) -> int:
        """Old journals do not age."""
        del now_mono_ns
        return 0


def row_of_session(session: Session) -> ClientRow:
    """A row for a live client."""
    return SessionRow(session)


def row_of_record(record: ClientRecord) -> ClientRow:
    """A row for a client of an old journal."""
    return RecordRow(record)


def _host_key(endpoint: Endpoint) -> tuple[tuple[int, ...] | tuple[str, ...], int]:
    parts = endpoint.host.split(".")
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return (tuple(f"{int(part):03}" for part in parts), endpoint.port)
    return ((endpoint.host,), endpoint.port)
