"""The list of the kits, and what saving a file does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.frames.shelf import KitShelf, KitState
from app.paths import resource
from app.ui.kits.dialog import KitsDialog
from app.ui.kits.files import TEMPLATE, new_kit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def answer(role: QMessageBox.ButtonRole) -> None:
    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(b for b in box.buttons() if box.buttonRole(b) is role).click()

    QTimer.singleShot(0, look)


def make(tmp_path: Path, qtbot: QtBot) -> KitsDialog:
    dialog = KitsDialog(KitShelf(resource("kits"), tmp_path / "kits"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_list_shows_every_kit_and_switches_ours_at_once(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = make(tmp_path, qtbot)
    assert dialog.list.topLevelItemCount() == 15
    with qtbot.waitSignal(dialog.changed):
        row = dialog.list.topLevelItem(0)
        assert row is not None
        row.setCheckState(0, Qt.CheckState.Unchecked)
    assert dialog._shelf.items()[0].state is KitState.OFF


def test_one_of_the_users_own_runs_only_after_a_question(tmp_path: Path, qtbot: QtBot) -> None:
    new_kit(tmp_path / "kits", "mine")
    dialog = make(tmp_path, qtbot)
    item = dialog._shelf.items()[-1]
    answer(QMessageBox.ButtonRole.RejectRole)
    dialog.switch(item, True)
    assert dialog._shelf.find("mine") is None
    answer(QMessageBox.ButtonRole.AcceptRole)
    dialog.switch(item, True)
    assert dialog._shelf.find("mine") is not None
    row = dialog.list.topLevelItem(15)
    assert row is not None
    assert row.text(0) == "My protocol"
    dialog.list.setCurrentItem(row)
    dialog.writing.click()
    time.sleep(0.01)  # another time of the file
    (tmp_path / "kits" / "mine.py").write_text(TEMPLATE + "\n1 / 0\n", encoding="utf-8")
    dialog.refresh()
    assert "ZeroDivisionError" in dialog._error.text()
    assert str(TEMPLATE.count("\n") + 2) in dialog._error.text()
    assert dialog._shelf.find("mine") is not None
