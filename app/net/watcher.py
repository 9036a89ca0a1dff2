"""Who wants to know what the server does."""

from __future__ import annotations

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
