"""Dialogs fit their screen at any type size, close by Esc, and speak one language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from app.arguments import Arguments
from app.paths import Places
from app.ui import dialogs
from app.ui.actions import ACTIONS
from app.ui.application import Program
from app.ui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def begin(qtbot: QtBot, qapp: QApplication, tmp_path):  # type: ignore[no-untyped-def]
    begun: list[Program] = []

    def start(**wishes: object) -> MainWindow:
        program = Program(qapp, Arguments(overrides=wishes), Places(tmp_path, tmp_path))
        begun.append(program)
        program.start()
        qtbot.waitExposed(program.window)
        return program.window

    yield start
    for program in begun:
        program.window.close()
        program.stop()
        program.window.deleteLater()
        program.deleteLater()


def while_open(show: Callable[[], object], look: Callable[[QWidget], object]) -> None:
    """Show a modal dialog, `look` at it, and press Esc."""

    def visit() -> None:
        dialog = QApplication.activeModalWidget()
        try:
            look(dialog)
        finally:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)

    QTimer.singleShot(0, visit)
    show()
    assert QApplication.activeModalWidget() is None


@pytest.mark.parametrize("percent", [100, 250])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_dialog_fits_its_screen_and_closes_by_esc(
    begin: Callable[..., MainWindow], percent: int, language: str
) -> None:
    window = begin(language=language, type_percent=percent)

    def look(dialog: QWidget) -> None:
        room = dialog.screen().availableSize()
        assert dialog.height() <= room.height(), dialog.windowTitle()
        assert dialog.minimumSizeHint().height() <= room.height()

    for show in (
        lambda: dialogs.show_keys(window),
        lambda: dialogs.show_about(window),
        lambda: dialogs.confirm(window, "quit", 12_345),
        window.archive.manage,
    ):
        while_open(show, look)


def test_every_key_of_the_menus_is_in_the_list_of_keys(begin: Callable[..., MainWindow]) -> None:
    window = begin(language="en")
    found: dict[str, str] = {}

    def look(dialog: QWidget) -> None:
        table = dialog.findChild(QTreeWidget)
        assert isinstance(table, QTreeWidget)
        for place in range(table.topLevelItemCount()):
            row = table.topLevelItem(place)
            assert row is not None
            found[row.text(1)] = row.text(0)

    while_open(lambda: dialogs.show_keys(window), look)
    assert len(found) > sum(bool(spec.keys) for spec in ACTIONS)  # those of the parts, too
    assert found["Find"] == "Ctrl+F"
    assert not [words for words in found if "&" in words]


def test_qts_own_words_are_chinese_too_also_where_they_got_a_key_since(
    begin: Callable[..., MainWindow],
) -> None:
    window = begin(language="zh_CN")
    for source in ("&Look in:", "Look in:", "Files of &type:", "Files of type:", "&Open"):
        assert QCoreApplication.translate("QFileDialog", source) not in (source, ""), source
    assert QCoreApplication.translate("QFileDialog", "no such & words") == "no such & words"
    window.commands["language_en"].trigger()
    assert QCoreApplication.translate("QFileDialog", "&Look in:") == "&Look in:"
