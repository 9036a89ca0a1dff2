"""What crashed runs left is offered, all of it, and a file in use costs a sentence and no more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.bridge.controller import Controller
from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.shelf import Shelf
from app.settings import Settings
from app.ui.journals import JournalsDialog
from app.ui.notices import Notices
from app.ui.widgets import Banner
from app.wording import tr


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "journals")


def crashed(shelf: Shelf) -> Path:
    path = shelf.new_path()
    journal = Journal(path)
    journal.append(1, Kind.IN, b"x")
    journal.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE run SET closed_ns = 0")
    return path


def offered(notices: Notices) -> Banner | None:
    shown = [banner for banner in notices.findChildren(Banner) if not banner.isHidden()]
    return next((banner for banner in shown if banner.kind == "info"), None)


def press(banner: Banner, text: str) -> None:
    (button,) = [b for b in banner.findChildren(type(banner._close)) if b.toolTip() == text]
    button.click()


def test_every_crashed_journal_is_offered(shelf: Shelf, qtbot: QtBot) -> None:
    paths = [crashed(shelf) for _ in range(3)]
    notices = Notices()
    qtbot.addWidget(notices)
    entered: list[Path] = []
    notices.offer_crashed(shelf.folder, entered.append)
    seen = []
    for _ in paths:
        qtbot.waitUntil(lambda: offered(notices) is not None)
        banner = offered(notices)
        assert banner is not None
        (name,) = [path.name for path in paths if path.name in banner.text]
        seen.append(name)
        if len(seen) == 2:
            (button,) = [b for b in banner.findChildren(QPushButton) if not b.isHidden()]
            button.click()
            qtbot.waitUntil(lambda: bool(entered))
            assert [path.name for path in entered] == [name]
        else:
            press(banner, tr("common.dismiss"))
    assert sorted(seen) == sorted(path.name for path in paths)
    qtbot.waitUntil(lambda: not shelf.crashed())
    assert offered(notices) is None
    notices.wait()
    assert shelf.crashed() == []


def test_one_that_came_into_use_is_said(shelf: Shelf, qtbot: QtBot) -> None:
    path = crashed(shelf)
    notices = Notices()
    qtbot.addWidget(notices)
    notices.offer_crashed(shelf.folder, lambda _path: None)
    qtbot.waitUntil(lambda: offered(notices) is not None)
    journal = Journal(path)
    banner = offered(notices)
    assert banner is not None
    press(banner, tr("common.dismiss"))
    qtbot.waitUntil(lambda: any(b.kind == "error" for b in notices.findChildren(Banner)))
    errors = [banner for banner in notices.findChildren(Banner) if banner.kind == "error"]
    assert [banner.text for banner in errors] == [tr("errors.journal_busy", name=path.name)]
    notices.wait()
    journal.close()


def test_deleting_one_in_use_says_so(
    shelf: Shelf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QMessageBox, QWidget

    path = shelf.new_path()
    Journal(path).close()
    owner = QWidget()
    qtbot.addWidget(owner)
    controller = Controller(Settings(), lambda _news: Journal(path))
    dialog = JournalsDialog(shelf.folder, controller, owner)
    qtbot.waitUntil(lambda: dialog._list.topLevelItemCount() == 1)
    journal = Journal(path)  # taken into use since the list was made
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: said.append(words[2]))
    dialog._list.selectAll()
    dialog._delete_button.click()  # type: ignore[attr-defined]
    assert said == [
        tr("window.journals_failed", name=path.name, reason=tr("window.journals_in_use"))
    ]
    assert path.exists()
    dialog.reject()
    journal.close()
