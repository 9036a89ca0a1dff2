"""What any thread may ask of a server: who is online, how many threads; and send, disconnect."""

from __future__ import annotations

import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

from app.journal.entry import Kind, Opening, Role
from app.journal.errors import JournalClosed
from app.journal.refs import ClientRef
from app.net.admission import Admission
from app.net.engine import engine_for, has_room_for_a_client
from app.net.facts import NOWHERE, CloseReason, Endpoint, SendReport, ServerOptions
from app.net.listening import waiting_clients
from app.net.oserrors import error_text
from app.net.process import most_clients
from app.net.records import record_of
from app.net.shared import Partings, Shared
from app.net.tally import Tally
from app.net.tasks.facts import TaskEnd
from app.net.tasks.registry import Tasks
from app.net.watcher import GuardedWatcher, Watcher
from app.report import log

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.net.answers import Reply
    from app.net.outlet import Outlet
    from app.net.readiness import SelectorReadiness
    from app.net.session import Session
    from app.net.traced_socket import TracedSocket

TASK_DEADLINE_S = 1.0

SendItem = tuple[ClientRef, bytes, str]
"""A client, the bytes, and the encoding they were written in."""

OnTrouble = Callable[[Mapping[str, object]], object]
"""Given the detail of each SERVER_ERROR event, by any net thread."""


class Reception(ABC):
    """A server's books, which the listener and the workers keep, and who may look into them.

    None of it waits: what is to be done for clients is left with the sender.
    """

    def __init__(
        self, options: ServerOptions, journal: Journal, watcher: Watcher, reply: Reply | None
    ) -> None:
        self.options = options
        self.endpoints: tuple[Endpoint, ...] = ()
        self.encoding = options.encoding  # of new clients
        self.certificates: tuple[str, ...] = ()  # PEM; from `open` on, of one that speaks TLS
        self.label = ""  # what its events call it, where there are several. Any thread
        self.max_clients = options.max_clients
        self.single_threaded = options.single_threaded  # from the next accept on
        self.sessions: dict[ClientRef, Session] = {}  # online; iterate over `roster()` instead
        self.served_here: Session | None = None  # by the listener itself, if single-threaded
        self.stuck = 0  # threads that did not end in time
        self.on_trouble: OnTrouble = lambda _detail: None
        self.tasks = Tasks()
        self.shared: Shared  # what every worker reads at every chunk; there from `open` on
        self._journal = journal
        self._watcher = GuardedWatcher(watcher, partial(self.report, goes_on=True))
        self._reply = reply
        self._engine = engine_for(options.show)
        self.admission = Admission(options)
        self._listening: list[TracedSocket] = []
        self._workers: dict[int, threading.Thread] = {}  # by client: as long as each exists
        self._door: SelectorReadiness[TracedSocket]  # where clients wait to be accepted
        self._stop_requested = threading.Event()
        self.listener_ident = 0  # of the thread; 0: it does not run yet
        self._last_refused = NOWHERE, ""

    @abstractmethod
    def open(self) -> tuple[Endpoint, ...]:
        """Take the port, in the owner's thread; return where. Raises ListenError."""

    @abstractmethod
    def serve(self) -> None:
        """Serve until `stop`; return when all is closed. The listener thread."""

    def stop(self) -> None:
        """Make `serve` close everything and return. Returns at once."""
        self._stop_requested.set()
        if (session := self.served_here) is not None:
            self._engine.sender.end([session.outlet], CloseReason.SERVER_CLOSED)
        if self._listening:  # else it was never opened
            self._door.wake()

    @property
    def asked(self) -> Endpoint:
        """Where it is to be opened: not what it came to, if any port was asked for."""
        return Endpoint(self.options.host, self.options.port)

    @property
    def held_descriptors(self) -> int:
        """By its clients."""
        return len(self.sessions)

    def roster(self) -> tuple[Session, ...]:
        """Return those online now: workers change the dictionary while others look."""
        return tuple(self.sessions.copy().values())

    def send(self, items: Sequence[SendItem]) -> SendReport:
        """Send bytes to clients: (client, bytes, the encoding they were written in).

        A client of another journal than this server's is GONE, whatever its number. Only leaves
        an order with the sender. The watcher gets the report that is returned here: once the
        first outcome is known for every client, and once more when the last of those that were
        WAITING is settled.
        """
        return self.send_beside((), items)

    def send_beside(self, others: Iterable[Reception], items: Sequence[SendItem]) -> SendReport:
        """Send as `send` does, to clients of `others`, too: one send with one report."""
        servers = (self, *others)
        outlets = {c: o for c, _, _ in items for s in servers if (o := s._outlet(c)) is not None}
        tally = Tally(
            next(self._engine.send_ids),
            [client.number for client, _, _ in items],
            self._watcher.sent,
        )
        self._engine.sender.send(
            [(c.number, outlets.get(c), data, encoding) for c, data, encoding in items], tally
        )
        return tally.report

    def disconnect(self, clients: Iterable[ClientRef]) -> None:
        """End these clients. Only leaves an order with the sender."""
        outlets = map(self._outlet, clients)
        self._engine.sender.end([o for o in outlets if o is not None], CloseReason.DISCONNECTED)

    def threads(self) -> dict[int, tuple[str, int]]:
        """Return the threads at work for this server: ident to name and client (0: none)."""
        found = {ident: (name, 0) for ident, name in self._engine.threads().items()}
        if self.listener_ident:
            found[self.listener_ident] = "listener", 0
        for client_id, worker in self._workers.copy().items():
            if worker.ident is not None:
                found[worker.ident] = worker.name, client_id
        return found

    @property
    def thread_count(self) -> int:
        """The listener, a worker for each client, and the sender and others that all share."""
        return 1 + self.worker_count + self.shared_thread_count

    @property
    def shared_thread_count(self) -> int:
        """The sender and others."""
        return len(self._engine.threads())

    @property
    def worker_count(self) -> int:
        """One for each client."""
        return len(self._workers)

    @property
    def dropped(self) -> int:
        """How many datagrams the kernel has thrown away; of streams, none ever."""
        return 0

    @property
    def waiting_clients(self) -> int | None:
        """Clients that wait in the backlog; None where the system does not tell."""
        counts = [waiting_clients(listening) for listening in self._listening]
        return None if None in counts else sum(filter(None, counts))

    def _outlet(self, client: ClientRef) -> Outlet | None:
        session = self.sessions.get(client)
        return None if session is None else session.outlet

    # -- for the server ----------------------------------------------------------------------

    def _enter_engine(self, opened: ExitStack) -> None:
        """Share with other servers what a process needs once, until `opened` closes.

        Raises OSError.
        """
        self._engine.open(self)
        opened.callback(self._leave_engine)
        log.info(f"open at {', '.join(map(str, self.endpoints))}")
        options = self.options
        self.max_clients = most_clients(options.max_clients)
        self.shared = Shared(
            self._journal,
            self._engine.sender,
            self._engine.timetable,
            options.outbox_limit_bytes,
            options.keepalive_s,
            options.half_closed_s,
            Partings(),
            options.recv_size_bytes,
            self._reply,
            server_id=options.server_id,
            server_kind=options.kind,
            server_name=options.name,
        )

    def _leave_engine(self) -> None:
        self.stuck += self._engine.close(self)

    def _joined(self, session: Session) -> None:
        """Note a new client: in the journal first, then it is on the roster and is sent to."""
        client_id, endpoint = session.client_id, session.endpoint
        self._journal.add_client(record_of(session))
        self._journal.append_event(client_id, Kind.ONLINE)
        if session.role is Role.CLIENT:
            self.admission.enter(client_id, endpoint)
        self.sessions[session.ref] = session
        self._watcher.joined(session)
        self.tasks.look()
        log.debug(f"client {client_id} from {endpoint}")

    def _may_enter(self, endpoint: Endpoint) -> bool:
        """Whether there is room for this client and the rules let it in; else note it."""
        full = len(self.sessions) >= self.max_clients or not has_room_for_a_client()
        why = "limit" if full else self.admission.why_not(endpoint)
        if why:
            self._last_refused = endpoint, why
            self._tell_refused(self.admission.note())
        return not why

    def _tell_refused(self, due: int) -> None:
        """Write a row for `due` refusals, the last of which stands for all; none for 0."""
        if due:
            endpoint, why = self._last_refused
            limit = min(self.max_clients, len(self.sessions))
            facts = {"host": endpoint.host, "port": endpoint.port, "limit": limit, "why": why}
            self.note(Kind.REFUSED, **facts, count=due)

    def _look_around(self) -> None:
        """Tell of refusals that were only counted; end those that are silent for too long."""
        self._tell_refused(self.admission.untold())
        if self.admission.is_look_due():
            clients = [session for session in self.roster() if session.role is Role.CLIENT]
            for session, reason in self.admission.overdue(clients):
                self._engine.sender.end([session.outlet], reason)

    def _left(self, session: Session) -> None:
        del self.sessions[session.ref]
        if session.role is Role.CLIENT:
            self.admission.leave(session.client_id)
        self._watcher.left(session)
        self.tasks.look()
        log.debug(f"client {session.client_id} left")

    def _end_tasks(self) -> None:
        """Before the clients are ended, or they would be why."""
        self.tasks.end(TaskEnd.PORT_CLOSED)
        self.stuck += self.tasks.join(TASK_DEADLINE_S)

    def _say_opened(self) -> None:
        options, endpoints = self.options, self.endpoints
        self._journal.add_opening(
            Opening(
                options.server_id, options.kind, options.name, json.dumps(endpoints), time.time_ns()
            )
        )
        self.note(Kind.SERVER_OPENED, endpoints=endpoints)

    def _say_closed(self) -> None:
        refused = self.admission.refused
        log.info(f"closed, {self.stuck} threads stuck, {refused} connections refused")
        with suppress(JournalClosed):
            self._tell_refused(self.admission.untold(closing=True))
            self.note(Kind.SERVER_CLOSED, stuck=self.stuck)

    def note(self, kind: Kind, client_id: int = 0, /, **facts: object) -> None:
        """Write an event of this server into the journal. Any thread. Raises JournalClosed."""
        self._journal.append_event(client_id, kind, **self._itself(), **facts)

    def _itself(self) -> dict[str, object]:
        known: dict[str, object] = {"server_id": self.options.server_id}
        return known | ({"label": self.label} if self.label else {})

    def report(self, error: Exception, **more: bool) -> None:
        """Note what went wrong and is no client's fault. Any thread; never raises.

        `more`: whether that goes on in which it happened, as `Kind.SERVER_ERROR` has it.
        """
        log.trouble(type(error), error.__traceback__)
        detail = {**self._itself(), "error": error_text(error), **more}
        with suppress(Exception):  # there is nobody else to tell
            self._journal.append_event(0, Kind.SERVER_ERROR, **detail)
        with suppress(Exception):
            self.on_trouble(detail)
