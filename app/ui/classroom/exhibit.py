"""The server that is on display: the user's own, or that of an experiment or an exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from app.bridge.controller import ServerState
from app.journal.refs import ClientRef
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.bridge.classroom import Classroom
    from app.bridge.controller import Controller
    from app.journal.reader import Reader
    from app.net.reception import Reception
    from app.net.session import Session
    from app.teaching.recorder import CallRecorder


class Spoken(NamedTuple):
    """What the words on show are about, by the exhibit's clock. Nothing: zeros."""

    from_ns: int = 0  # the moment of the step before
    to_ns: int = 0  # of this one
    calls: frozenset[int] = frozenset()  # their ids
    looks_back: bool = False  # at a step of what is over


class Exhibit(Protocol):
    """What the pieces ask about the server whose threads, calls, bytes and log they show.

    GUI thread.
    """

    is_own: bool  # the user's

    @property
    def is_alive(self) -> bool:
        """Whether it listens now."""

    @property
    def recorder(self) -> CallRecorder:
        """Its calls and lanes."""

    @property
    def reader(self) -> Reader | None:
        """Its journal; None: nothing is kept."""

    @property
    def is_recording(self) -> bool:
        """Whether its calls are recorded now."""

    @property
    def sessions(self) -> Mapping[ClientRef, Session]:
        """Its clients, also those that have gone, as far as they are known."""

    def encoding_of(self, client_id: int) -> str:
        """Return how a client's bytes are read."""

    def title(self) -> str:
        """Return what it is and where it listens, in the language of now."""

    def facts(self) -> list[str]:
        """Return how it stands: threads, clients, the backlog."""

    @property
    def server(self) -> Reception | None:
        """The server itself, the newest one, while it is open."""

    def let_go(self) -> None:
        """Nobody shows it any more."""


class OwnServer:
    """The user's own server. GUI thread."""

    is_own = True

    def __init__(self, controller: Controller, classroom: Classroom) -> None:
        self._controller, self._classroom = controller, classroom

    @property
    def is_alive(self) -> bool:
        """Whether it listens now."""
        return self._controller.state is ServerState.OPEN

    @property
    def recorder(self) -> CallRecorder:
        """Its calls and lanes."""
        return self._classroom.recorder

    @property
    def reader(self) -> Reader | None:
        """The live journal."""
        return self._controller.reader

    @property
    def is_recording(self) -> bool:
        """Whether its calls are recorded now."""
        return self._classroom.is_recording

    @property
    def sessions(self) -> Mapping[ClientRef, Session]:
        """The clients of this run."""
        return self._controller.sessions

    def encoding_of(self, client_id: int) -> str:
        """Return how a client's bytes are read."""
        journal = self._controller.journal
        if journal is None:
            return self._controller.settings.server.encoding
        return self._controller.orders.encoding_of(ClientRef(journal.key, client_id))

    @property
    def server(self) -> Reception | None:
        """The server itself, while it is open."""
        return self._controller.server if self.is_alive else None

    def let_go(self) -> None:
        """It stays."""

    def title(self) -> str:
        """Return what it is and where it listens, in the language of now."""
        if not self.is_alive:
            return tr("classroom.own_closed")
        return tr("classroom.own_server", where=", ".join(map(str, self._controller.endpoints)))

    def facts(self) -> list[str]:
        """Return how it stands: threads, clients, the backlog."""
        return facts_of(self.server) if self.server is not None else []


def facts_of(server: Reception) -> list[str]:
    """Return how a server stands: threads, clients, the backlog."""
    single = "one_thread" if server.single_threaded else "many_threads"
    facts = [tr(f"classroom.{single}"), tr("window.status_clients", n=len(server.sessions))]
    if waiting := server.waiting_clients:
        facts.append(tr("window.status_backlog", n=waiting))
    return facts
