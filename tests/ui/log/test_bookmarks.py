"""Bookmarks in the log: keys, gutter, list, undo, frames, and other journals than ours."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QToolTip
from pytestqt.qtbot import QtBot

from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.models.bookmark_table import COMMENT, CONTENT
from app.net.facts import Endpoint
from app.ui.log import LogPanel
from app.ui.theme import theme
from app.wording import tr
from tests.support.commands import give_commands
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def marks(bench: LogBench) -> dict[int, str]:
    return bench.source.reader.bookmarks()


def go_to(bench: LogBench, entry_id: int) -> None:
    bench.view.show_entry(bench.rows.id_of(entry_id))


def comment(bench: LogBench, words: str) -> None:
    """Type `words` into the dialog that the command opens."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(words)
        QTest.keyClick(field, Qt.Key.Key_Return)

    QTimer.singleShot(0, answer)
    bench.panel.bookmarks.ask_comment()


def ribbon(bench: LogBench, row: int) -> bool:
    """Whether the margin of a row has a bookmark's colour."""
    image = bench.view.viewport().grab().toImage()
    height = image.height() * 1.0 / bench.view.viewport().height()
    rect = bench.view.row_rect(bench.view.visible_rows[row].id)
    assert rect is not None
    y = round(rect.center().y() * height)
    return any(
        image.pixelColor(x, y) == theme().colour("accent")
        for x in range(theme().px(4), theme().px(10))
    )


def test_the_key_marks_the_current_row_and_takes_the_mark_away(bench: LogBench) -> None:
    bench.fill(5)
    go_to(bench, 2)
    assert not ribbon(bench, 1)
    bench.panel.bookmarks.toggle()
    assert marks(bench) == {2: ""}
    assert ribbon(bench, 1)
    assert not ribbon(bench, 2)
    bench.panel.bookmarks.toggle()
    assert marks(bench) == {}
    assert not ribbon(bench, 1)


def test_a_comment_stands_in_the_row_and_in_its_tip(bench: LogBench) -> None:
    bench.fill(5)
    go_to(bench, 3)
    comment(bench, "泵坏了 <b>")
    assert marks(bench) == {3: "泵坏了 <b>"}
    bench.seen()
    pieces = bench.view._painter._line(bench.view.visible_rows[2], False).pieces
    assert "".join(piece.text for piece in pieces).startswith("泵坏了 <b>  第")
    rect = bench.view.row_rect(3)
    assert rect is not None
    where = rect.center()
    shown = QHelpEvent(QEvent.Type.ToolTip, where, bench.view.viewport().mapToGlobal(where))
    QApplication.sendEvent(bench.view.viewport(), shown)
    assert "泵坏了 &lt;b&gt;" in QToolTip.text()
    assert bench.view.tip_at(QPoint(5, 2)) == ""
    go_to(bench, 3)
    assert "泵坏了" in bench.view.accessibleDescription()
    QToolTip.hideText()


def test_a_comment_removed_by_the_key_comes_back(bench: LogBench) -> None:
    bench.fill(3)
    go_to(bench, 1)
    comment(bench, "important")
    bench.panel.bookmarks.toggle()
    assert marks(bench) == {}
    bench.panel.bookmarks.marks.undo()
    assert marks(bench) == {1: "important"}


def test_keys_go_round_the_bookmarks(bench: LogBench) -> None:
    bench.fill(200)
    handlers = bench.panel.bookmarks.handlers()
    assert bench.panel.why_not()["next_bookmark"]
    for entry_id in (150, 20, 90):
        go_to(bench, entry_id)
        bench.panel.bookmarks.toggle()
    assert not bench.panel.why_not()["next_bookmark"]
    seen = []
    for command in ("next", "next", "next", "previous", "previous", "previous"):
        handlers[f"{command}_bookmark"]()
        seen.append(bench.view.selection.current)
    assert seen == [150, 20, 90, 20, 150, 90]


def test_a_hidden_row_says_so_and_a_cleared_one_is_shown_again(bench: LogBench) -> None:
    bench.fill(30)
    go_to(bench, 5)
    bench.panel.bookmarks.toggle()
    bench.panel.clear_view()
    bench.panel.bookmarks.show_entry(5)
    assert bench.view.selection.current == 5
    bench.panel.tools.clients.show_only([bench.ref(77)])
    wait_until(lambda: bench.rows.count == 0)
    bench.panel.bookmarks.show_entry(5)
    assert bench.panel._notice.text == tr("log.bookmark_hidden")


def test_the_list_goes_there_edits_removes_and_brings_back(bench: LogBench) -> None:
    bench.fill(60)
    for entry_id, words in ((10, "first"), (40, "second"), (50, "third")):
        go_to(bench, entry_id)
        comment(bench, words)
    bench.panel.bookmarks.show_list()
    listed = bench.panel.bookmarks._list
    assert listed is not None
    QTest.qWaitForWindowExposed(listed)
    table, model = listed.table, listed.model
    assert [model.index(row, COMMENT).data() for row in range(3)] == ["first", "second", "third"]
    assert model.index(1, CONTENT).data() == "第 39 条"
    where = table.visualRect(model.index(1, CONTENT)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert bench.view.selection.current == 40
    QTest.keyClick(table, Qt.Key.Key_F2)  # whatever column was clicked
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "changed")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_until(lambda: marks(bench)[40] == "changed")
    assert listed.isVisible()
    table.selectAll()
    listed.tools.used.emit("bookmarks_remove")
    assert marks(bench) == {}
    listed.tools.used.emit("bookmarks_undo")
    assert marks(bench) == {10: "first", 40: "changed", 50: "third"}
    bench.panel.set_source(None, bench.source.encoding_of, bench.source.names.get)
    assert bench.panel.bookmarks._list is None


def test_a_frames_bookmark_is_the_entry_where_it_ends(bench: LogBench) -> None:
    client = bench.source.client()
    for data in (b"ab", b"cdefgh", b"i"):
        bench.source.chunk(client, data)
    bench.arrive()
    bench.panel.framing.framings.set_own([client], "fixed:3")
    bench.panel.framing.handlers()["frames"](True)
    wait_until(lambda: bench.rows.plan is not None and bench.rows.count == 3)
    go_to(bench, 2)
    comment(bench, "here")
    assert marks(bench) == {2: "here"}
    ids = [bench.rows.id_at(row) for row in range(3)]
    assert list(map(bench.view._painter.comment_of, ids)) == ["here", "", None]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    with closing(Journal(path)) as journal:
        for number in range(20):
            journal.append(1, Kind.IN, b"%d" % number, number)
    return path


def shown(path: Path, qtbot: QtBot) -> tuple[LogPanel, Reader]:
    panel, reader = LogPanel(), Reader(path)
    qtbot.addWidget(panel)
    give_commands(panel)
    panel.set_source(reader, lambda _id: "utf-8", lambda _id: Endpoint("::1", 1))
    return panel, reader


def test_an_old_journal_takes_them_too(old: Path, qtbot: QtBot) -> None:
    panel, reader = shown(old, qtbot)
    marked = panel.bookmarks.marks
    for entry_id in (3, 5, 7):
        panel.view.show_entry(entry_id)
        panel.bookmarks.toggle()
    assert list(marked.comments) == [3, 5, 7]  # at once
    panel.shut_down()  # what waits is written all the same
    with closing(Reader(old)) as other:
        wait_until(lambda: list(other.bookmarks()) == [3, 5, 7])
    reader.close()


def test_two_windows_over_one_old_journal_lose_nothing(old: Path, qtbot: QtBot) -> None:
    (one, first), (two, second) = shown(old, qtbot), shown(old, qtbot)
    for panel, entry_id in ((one, 3), (two, 5), (one, 7)):
        panel.view.show_entry(entry_id)
        panel.bookmarks.toggle()
        wait_until(lambda entry_id=entry_id: entry_id in first.bookmarks())
    wait_until(lambda: list(one.bookmarks.marks.comments) == [3, 5, 7])
    for panel in (one, two):
        panel.shut_down()
    for reader in (first, second):
        reader.close()


def test_where_another_program_writes_it_says_so(old: Path, qtbot: QtBot) -> None:
    panel, reader = shown(old, qtbot)
    with closing(Journal(old)):
        panel.view.show_entry(3)
        panel.bookmarks.toggle()
        wait_until(lambda: panel._notice.text == tr("log.bookmark_busy"))
        assert not panel.bookmarks.marks.comments
    panel.shut_down()
    reader.close()
