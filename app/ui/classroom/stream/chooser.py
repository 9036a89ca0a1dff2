"""Whose stream is shown."""

from __future__ import annotations

from heapq import nlargest
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.journal.refs import ClientRef
    from app.net.session import Session

LISTED = 100  # of thousands of clients only the newest, and the one that is shown


class ClientChooser(QComboBox):
    """The clients of this run, the newest first. GUI thread."""

    chosen = Signal(object)  # by the user: a ClientRef

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(len("#123 127.0.0.1:65535"))
        self.activated.connect(lambda _index: self.chosen.emit(self.currentData()))

    def show_clients(self, sessions: Mapping[ClientRef, Session], client: ClientRef | None) -> None:
        """Offer these, with this one chosen; tells nobody."""
        if self.view().isVisible():
            return
        wanted = nlargest(LISTED, sessions, key=attrgetter("number"))
        if client is not None and client in sessions and client not in wanted:
            wanted.append(client)
        if wanted != [self.itemData(at) for at in range(self.count())]:
            self.clear()
            for one in wanted:
                self.addItem(f"#{one.number} {sessions[one].endpoint}", one)
        self.setCurrentIndex(wanted.index(client) if client in wanted else -1)
        self.setEnabled(bool(wanted))
