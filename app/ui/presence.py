"""Who is online, as the parts of the window hear of it: not at every frame of a storm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.widgets.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.journal.refs import ClientRef
    from app.net.session import Session

TELL_MS = 200


class Presence(QObject):
    """The clients that have joined and not left. GUI thread."""

    def __init__(self, tell: Callable[[set[ClientRef]], None], parent: QObject) -> None:
        """`tell` is given the set itself, which goes on changing, at most every TELL_MS."""
        super().__init__(parent)
        self.online: set[ClientRef] = set()
        self._pace = Pace(lambda: tell(self.online), TELL_MS, self)

    def joined(self, sessions: Iterable[Session]) -> None:
        """These are online now."""
        self.online.update([session.ref for session in sessions])
        self._pace.ask()

    def left(self, sessions: Iterable[Session]) -> None:
        """These are gone."""
        self.online.difference_update([session.ref for session in sessions])
        self._pace.ask()

    def tell(self) -> None:
        """Say it now."""
        self._pace.now()
