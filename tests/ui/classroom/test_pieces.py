"""What holds for every piece of the classroom, whatever it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDockWidget, QWidget
from pytestqt.qtbot import QtBot

from app.ui.application import Program
from app.ui.stage.pages import PIECES
from tests.support.wait import wait_until


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
    door = program.window.classroom
    try:
        program.window.commands["classroom"].trigger()
        for spec in PIECES:
            door.show_piece(spec.name)
        qtbot.wait(0)
        assert [door.stage.piece(spec.name) is not None for spec in PIECES] == [True] * len(PIECES)
        program.window.commands["classroom"].trigger()
        assert windows.seen == []
    finally:
        qapp.removeEventFilter(windows)


def title_height(dock: QDockWidget) -> int:
    """How high the letters of a dock's title are, in pixels."""
    whole = dock.grab().toImage()
    ground = whole.pixel(1, 1)
    rows = range(dock.widget().y())
    ink = [y for y in rows if any(whole.pixel(x, y) != ground for x in range(whole.width() // 2))]
    return ink[-1] - ink[0] + 1 if ink else 0


def test_titles_are_as_large_as_the_type(program: Program) -> None:
    dock = program.window.log.detail_dock
    dock.show()
    usual = title_height(dock)
    program.controller.change(type_percent=200)
    wait_until(lambda: title_height(dock) > 1.7 * usual)
    program.controller.change(type_percent=100)
    wait_until(lambda: title_height(dock) == usual)


def test_everything_that_keys_can_reach_has_a_name(program: Program) -> None:
    stage = program.window.classroom.stage
    for spec in PIECES:
        program.window.classroom.show_piece(spec.name)
    nameless = [
        f"{type(stop.parentWidget()).__name__}: {type(stop).__name__}"
        for stop in stage.findChildren(QWidget)
        if stop.focusPolicy() & Qt.FocusPolicy.TabFocus
        and stop.focusProxy() is None
        and stop.window() is program.window  # not the list of a combo box
        and not isinstance(stop.parentWidget(), QComboBox)
        and not (stop.accessibleName() or getattr(stop, "text", str)() or stop.toolTip())
    ]
    assert nameless == []
