"""Who wants to know what the server does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.net.facts import SendReport
    from app.net.session import Session


class Watcher(Protocol):
    """Who wants to know. Called by the network's threads: each call must return at once."""

    def joined(self, session: Session) -> None:
        """A client was accepted (listener thread)."""

    def left(self, session: Session) -> None:
        """A client went offline; the entry is in the journal (its worker's thread)."""

    def sent(self, report: SendReport) -> None:
        """A send has its first outcome for every client, or later its last (any net thread)."""


class GuardedWatcher:
    """Passes everything on to another watcher, whose mistakes are reported and end no thread."""

    def __init__(self, watcher: Watcher, report: Callable[[Exception], object]) -> None:
        self._watcher = watcher
        self._report = report

    def joined(self, session: Session) -> None:
        """A client was accepted (listener thread)."""
        self._guarded(self._watcher.joined, session)

    def left(self, session: Session) -> None:
        """A client went offline (its worker's thread)."""
        self._guarded(self._watcher.left, session)

    def sent(self, report: SendReport) -> None:
        """A send has its first outcome for every client, or its last (any net thread)."""
        self._guarded(self._watcher.sent, report)

    def _guarded(self, tell: Callable[..., object], *arguments: object) -> None:
        try:
            tell(*arguments)
        except Exception as error:  # noqa: BLE001
            self._report(error)
