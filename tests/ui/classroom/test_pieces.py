"""What holds for every piece of the classroom, whatever it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.application import Program
from app.ui.classroom.pieces import PIECES


class Windows(QObject):
    """Writes down what is shown as a window of its own."""

    def __init__(self, watched: QApplication) -> None:
        super().__init__(watched)
        self.seen: list[str] = []
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything pass."""
        is_shown = event.type() == QEvent.Type.Show
        if is_shown and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_no_window_flashes_up_while_the_pieces_are_made(
    program: Program, qapp: QApplication, qtbot: QtBot
) -> None:
    windows = Windows(qapp)
    try:
        program.window.actions_["classroom"].trigger()
        room = program.window.classroom.room
        for spec in PIECES:
            room.show_piece(spec.name, True)
        qtbot.wait(0)
        assert [dock.widget() is not None for dock in room.docks] == [True] * len(PIECES)
        assert windows.seen == []
    finally:
        qapp.removeEventFilter(windows)
