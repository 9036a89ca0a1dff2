"""A part may go before what it listens to: then it is called no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from app.arguments import Arguments
from app.paths import find_places
from app.settings import Settings
from app.ui.application import Program
from app.ui.classroom.stream.piece import StreamPiece
from app.ui.clients import ClientPanel
from app.ui.composer import ComposerPanel
from app.ui.composer.history import History
from app.ui.composer.history_popup import HistoryPopup
from app.ui.journals import JournalsDialog
from app.ui.log import LogPanel
from app.ui.notices import Notices
from app.ui.setup import SetupColumn
from app.ui.status import StatusStrip
from app.ui.theme import theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, user_home: Path) -> Iterator[Program]:
    made = Program(qapp, Arguments(overrides={"host": "127.0.0.1", "port": 0}), find_places())
    yield made
    made.window.end()
    made.stop()
    made.window.deleteLater()
    made.deleteLater()
    qtbot.wait(0)


def dialog(program: Program) -> QObject:
    made = JournalsDialog(find_places().journal_dir, program.controller, program.window)
    made.close()
    return made


PARTS: dict[str, Callable[[Program], QObject]] = {
    "clients": lambda _: ClientPanel(),
    "log": lambda _: LogPanel(),
    "composer": lambda _: ComposerPanel(None),
    "history": lambda _: HistoryPopup(History(None)),
    "setup": lambda _: SetupColumn(Settings()),
    "notices": lambda _: Notices(),
    "status": lambda program: StatusStrip(program.controller),
    "journals": dialog,
    "stream": lambda program: StreamPiece(program.window.classroom.desk),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_was_deleted_is_called_no_more(
    program: Program, name: str, tmp_path: Path, qtbot: QtBot
) -> None:
    controller = program.controller
    part = PARTS[name](program)
    qtbot.wait(0)
    delete(part)
    assert not isValid(part)
    with qtbot.captureExceptions() as raised:
        theme().resizing.emit()
        theme().changed.emit()
        controller.change(language="en", recv_size_bytes=7)
        controller.change(language="zh_CN")
        controller.ensure_journal()
        controller.entries_arrived.emit(0)
        controller.clients_joined.emit([])
        controller.clients_left.emit([])
        controller.ticked.emit(controller.traffic)
        qtbot.wait(0)
    assert not raised
