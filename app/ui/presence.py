"""Who is online, as the parts of the window hear of it: not at every frame of a storm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.widgets.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.net.session import Session

TELL_MS = 200


class Presence(QObject):
    """The clients that have joined and not left. GUI thread."""

    def __init__(self, tell: Callable[[set[int]], None], parent: QObject) -> None:
        """`tell` is given the set itself, which goes on changing, at most every TELL_MS."""
        super().__init__(parent)
        self.ids: set[int] = set()
        self._pace = Pace(lambda: tell(self.ids), TELL_MS, self)

    def joined(self, sessions: Iterable[Session]) -> None:
        """These are online now."""
        self.ids.update([session.client_id for session in sessions])
        self._pace.ask()

    def left(self, sessions: Iterable[Session]) -> None:
        """These are gone."""
        self.ids.difference_update([session.client_id for session in sessions])
        self._pace.ask()

    def tell(self) -> None:
        """Say it now."""
        self._pace.now()
