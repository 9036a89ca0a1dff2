"""Whose stream is shown."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.net.session import Session

LISTED = 100  # of thousands of clients only the newest, and the one that is shown


class ClientChooser(QComboBox):
    """The clients of this run, the newest first. GUI thread."""

    chosen = Signal(int)  # by the user: a client's number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(len("#123 127.0.0.1:65535"))
        self.activated.connect(lambda _index: self.chosen.emit(self.client_id))

    @property
    def client_id(self) -> int:
        """Who is shown; 0: nobody."""
        return self.currentData() or 0

    def show_clients(self, sessions: Mapping[int, Session], client_id: int) -> None:
        """Offer these, with this one chosen; tells nobody."""
        if self.view().isVisible():
            return
        wanted = nlargest(LISTED, sessions)
        if client_id in sessions and client_id not in wanted:
            wanted.append(client_id)
        if wanted != [self.itemData(at) for at in range(self.count())]:
            self.clear()
            for number in wanted:
                self.addItem(f"#{number} {sessions[number].endpoint}", number)
        self.setCurrentIndex(self.findData(client_id))
        self.setEnabled(bool(wanted))
