"""What all tasks have in common: state, counts, a clock that can stand still, and an end."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from app.journal.entry import Kind
from app.journal.errors import JournalClosed
from app.net.facts import SendResult
from app.net.oserrors import error_text
from app.net.tasks.facts import TaskEnd, TaskKind, TaskState
from app.text.compose import ComposeFault, ComposeOptions, compose

if TYPE_CHECKING:
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.session import Session

NS_PER_MS = 1_000_000


_NUMBERS = count(1)


class Message:
    """What is sent, as the composer holds it: each client gets it in its own encoding."""

    def __init__(self, text: str, options: ComposeOptions) -> None:
        """An empty encoding among the options is the client's."""
        self._text, self._options = text, options
        self._composed: dict[str, bytes] = {}

    def data(self, encoding: str) -> bytes:
        """Return its bytes for a client of this encoding. Raises ComposeFault."""
        encoding = self._options.encoding or encoding
        data = self._composed.get(encoding)
        if data is None:
            data = compose(self._text, replace(self._options, encoding=encoding))
            self._composed[encoding] = data
        return data


class Task(ABC):
    """Sends by itself. The attributes may be read by any thread, and the methods called."""

    kind: TaskKind

    def __init__(self, name: str, server: Reception, clients: tuple[ClientRef, ...] | None) -> None:
        """`clients`: None means whoever is online at the server when something is sent."""
        self.number = next(_NUMBERS)
        self.name = name
        self.clients = clients
        self.sent = 0  # messages, or pieces of a file, that the system took; for each client one
        self.skipped = 0  # beats on which a client got nothing
        self.done = 0  # of `total`: rounds, or bytes of a file
        self.total = 0  # 0: without an end
        self.end: TaskEnd | None = None
        self.error = ""  # of FAILED: the system's text; of UNENCODABLE: the character
        self.server = server
        self._lock = threading.Lock()
        self._state = TaskState.RUNNING
        self._paused = False
        self._paused_at_ns = 0
        self._stood_ns = 0  # how long the clock stood still in all

    @property
    def state(self) -> TaskState:
        """Where it stands."""
        if self.end is not None:
            return TaskState.ENDED
        return TaskState.PAUSED if self._paused else self._state

    # -- the user ----------------------------------------------------------------------------

    def begin(self) -> None:
        """Start; the registry calls it."""
        try:
            self._tell("started", 0, **self.facts())
            self._begin()
        except JournalClosed:
            self.finish(TaskEnd.PORT_CLOSED)
        except Exception as error:  # noqa: BLE001 - no more threads, for instance
            self.fail(error)

    def pause(self) -> None:
        """Send nothing until `go_on`; the clock stands still meanwhile."""
        with self._lock:
            if self._paused or self.end is not None:
                return
            self._paused, self._paused_at_ns = True, time.monotonic_ns()

    def go_on(self) -> None:
        """Go on where it was paused."""
        with self._lock:
            if not self._paused or self.end is not None:
                return
            self._paused = False
            self._stood_ns += time.monotonic_ns() - self._paused_at_ns
        self.look()

    def finish(self, why: TaskEnd = TaskEnd.STOPPED, error: str = "") -> None:
        """End it; the first reason counts."""
        with self._lock:
            if self.end is not None:
                return
            self.end, self.error = why, error
        self._clean_up()
        facts = self.facts() | {"why": why.value, "sent": self.sent, "skipped": self.skipped}
        with suppress(JournalClosed):
            self._tell("ended", 0, **facts, error=error, done=self.done)
        self.server.tasks.forget(self)

    def fail(self, error: Exception) -> None:
        """End it because of this."""
        if isinstance(error, ComposeFault) and error.kind == "unencodable":
            self.finish(TaskEnd.UNENCODABLE, error.fragment)
        else:
            self.finish(TaskEnd.FAILED, getattr(error, "strerror", "") or error_text(error))

    @abstractmethod
    def look(self) -> None:
        """Look again: a client came or went, something was sent or answered. Returns at once."""

    def join(self, deadline_s: float) -> bool:
        """Wait for the end of its thread, if it has one; return whether that came in time."""
        return True

    # -- for each kind -----------------------------------------------------------------------

    @abstractmethod
    def _begin(self) -> None:
        """Start to send. May raise."""

    @abstractmethod
    def _clean_up(self) -> None:
        """It has ended: let go of what it holds. Any thread."""

    def facts(self) -> dict[str, object]:
        """What else is to be known of it, for the log."""
        return {}

    def _sessions(self) -> list[Session]:
        """Those online that are meant."""
        return self._online(self.clients)

    def _online(self, clients: tuple[ClientRef, ...] | None) -> list[Session]:
        if clients is None:
            return list(self.server.roster())
        found = map(self.server.sessions.get, clients)
        return [session for session in found if session is not None]

    def _is_deserted(self) -> bool:
        online = self.server.sessions
        return self.clients is not None and not any(c in online for c in self.clients)

    def _now_ns(self) -> int:
        """The task's own clock, which stands still while it is paused."""
        now_ns = self._paused_at_ns if self._paused else time.monotonic_ns()
        return now_ns - self._stood_ns

    def settle(self, client_id: int, result: SendResult) -> None:
        """A client's system took a message, or never will. Thread: the sender; any."""
        if result is SendResult.SENT:
            with self._lock:
                self.sent += 1

    def _tell(self, deed: str, client_id: int = 0, /, **facts: object) -> None:
        """Write into the log; beside its client, where it is for one alone."""
        if self.clients is not None and len(self.clients) == 1:
            client_id = self.clients[0].number
        known = {name: value for name, value in facts.items() if value not in ("", 0)}
        common = {"task": self.name, "does": self.kind.value, "deed": deed}
        self.server.note(Kind.TASK, client_id, **common, **known)
