"""What the network's threads leave for the GUI thread between two frames."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

from app.journal.client_servers import ClientServers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.net.facts import SendReport
    from app.net.session import Session

_T = TypeVar("_T")


class Inbox:
    """The server's watcher: its methods are called by listener, workers and sender.

    A deque's append and popleft are atomic in CPython, so no lock stands between a worker and
    the GUI thread. `take_…` are for the GUI thread.
    """

    def __init__(self, poke: Callable[[], None]) -> None:
        self._poke = poke
        self.servers = ClientServers()  # of the live journal's clients
        self._joined: deque[Session] = deque()
        self._left: deque[Session] = deque()
        self._reports: deque[SendReport] = deque()
        self._troubles: deque[Mapping[str, object]] = deque()

    def joined(self, session: Session) -> None:
        """A client was accepted (listener thread)."""
        self.servers.note(session.client_id, session.server_id)  # before anything of it is read
        self._joined.append(session)
        self._poke()

    def left(self, session: Session) -> None:
        """A client went offline (its worker's thread)."""
        self._left.append(session)
        self._poke()

    def sent(self, report: SendReport) -> None:
        """A user's send has news (sender thread)."""
        self._reports.append(report)
        self._poke()

    def troubled(self, detail: Mapping[str, object]) -> None:
        """Something went wrong that the server outlives (any net thread)."""
        self._troubles.append(detail)
        self._poke()

    def take_troubles(self) -> list[Mapping[str, object]]:
        """What went wrong since the last call: details of SERVER_ERROR events."""
        return _drain(self._troubles)

    def take_joined(self) -> list[Session]:
        """Clients accepted since the last call, oldest first."""
        return _drain(self._joined)

    def take_left(self) -> list[Session]:
        """Clients gone since the last call, oldest first."""
        return _drain(self._left)

    def take_reports(self) -> list[SendReport]:
        """Sends with news since the last call."""
        return _drain(self._reports)


def _drain(box: deque[_T]) -> list[_T]:
    # Only as many as are there now: a storm of clients must not keep the GUI thread here.
    return [box.popleft() for _ in range(len(box))]
