"""The lessons: a list, one to read, links that do what they say, the teacher's folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bridge.controller import ServerState
from app.paths import resource
from app.teaching.habits import Habit
from app.ui.application import Program
from app.ui.classroom.calls import CallsPiece
from app.ui.classroom.desk import Desk
from app.ui.classroom.lessons import LessonsPiece
from app.ui.classroom.lessons.reader import Reader
from app.ui.theme import theme
from tests.support.wait import handle_qt_events, wait_until

FIRST, SECOND = "010-first-words", "020-one-or-many"
OURS = len(list((resource("lessons") / "en").glob("*.md")))
_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(program: Program) -> Path:
    """The teacher's folder; it does not exist."""
    return program.window.classroom.desk.places.lessons_dir


@pytest.fixture
def piece(show: Callable[[str], LessonsPiece]) -> LessonsPiece:
    return show("lessons")


def rows(piece: LessonsPiece) -> list[str]:
    entries = piece.list_page.list
    return [entries.item(row).text() for row in range(entries.count())]


def drop(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def read_own(piece: LessonsPiece, folder: Path, text: str) -> None:
    """Show a lesson of the teacher's with this text."""
    drop(folder, "own.md", f"# Own\n\n{text}\n")
    wait_until(lambda: any("Own" in row for row in rows(piece)))
    piece.open("own")


def click(piece: LessonsPiece, words: str, qtbot: QtBot) -> None:
    """Click a link of the lesson on show with the mouse."""
    reader = piece.reader
    for _ in range(3):  # the docks take their sizes one after the other
        handle_qt_events()
    found = reader.document().find(words)
    assert not found.isNull(), words
    reader.setTextCursor(found)
    reader.ensureCursorVisible()
    found.setPosition(found.selectionStart() + 1)
    where = reader.cursorRect(found).center()
    qtbot.mouseMove(reader.viewport(), where)
    qtbot.mouseClick(reader.viewport(), Qt.MouseButton.LeftButton, pos=where)


# -- the list ------------------------------------------------------------------------------------


def test_the_list_opens_a_lesson_by_mouse_and_by_keyboard(
    piece: LessonsPiece, qtbot: QtBot
) -> None:
    entries = piece.list_page.list
    assert rows(piece)[0] == "1.  A socket: one conversation in seven calls"
    assert len(rows(piece)) == OURS
    where = entries.visualItemRect(entries.item(1)).center()
    qtbot.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert piece.is_reading
    assert piece.reader.lesson.name.key == SECOND
    qtbot.keyClick(piece.reader, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert not piece.is_reading
    assert entries.hasFocus()
    assert entries.currentRow() == 1
    qtbot.keyClick(entries, Qt.Key.Key_Up)
    qtbot.keyClick(entries, Qt.Key.Key_Return)
    assert piece.reader.lesson.name.key == FIRST
    assert piece.reader.hasFocus()


def test_pages_are_turned_to_both_ends(piece: LessonsPiece, qtbot: QtBot) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    piece.open(FIRST)
    assert piece._number.text() == f"1 / {OURS}"
    assert not piece._actions["previous"].isEnabled()
    assert "One thread" in piece._actions["next"].toolTip()
    for number in range(2, OURS + 1):
        qtbot.keyClick(piece.reader, Qt.Key.Key_Right, alt)
        assert piece._number.text() == f"{number} / {OURS}"
    assert not piece._actions["next"].isEnabled()
    qtbot.keyClick(piece.reader, Qt.Key.Key_Left, alt)
    assert piece._number.text() == f"{OURS - 1} / {OURS}"


def test_searching_finds_the_lessons_and_the_place(piece: LessonsPiece, qtbot: QtBot) -> None:
    qtbot.keyClicks(piece.list_page.search, "somaxconn")
    assert rows(piece) == ["9.  The backlog: a waiting room before accept"]
    qtbot.keyClick(piece.list_page.search, Qt.Key.Key_Return)
    assert piece.is_reading
    (mark,) = piece.reader.extraSelections()
    assert mark.cursor.selectedText() == "somaxconn"
    assert piece.reader.viewport().rect().contains(piece.reader.cursorRect(mark.cursor))
    piece.show_list()
    piece.list_page.search.setText("<b>zebra</b>")
    assert rows(piece) == []
    assert "<b>zebra</b>" in piece.list_page.nothing.text()
    piece.list_page.search.clear()
    assert len(rows(piece)) == OURS
    assert not piece.list_page.nothing.isVisible()


# -- reading -------------------------------------------------------------------------------------


def test_the_answer_is_folded_away_until_it_is_asked_for(piece: LessonsPiece, qtbot: QtBot) -> None:
    piece.open(FIRST)
    assert "Four: the listening socket" not in piece.reader.toPlainText()
    click(piece, "Show the answer", qtbot)
    assert "Four: the listening socket" in piece.reader.toPlainText()
    assert "Show the answer" not in piece.reader.toPlainText()
    heading = piece.reader.document().find("Four: the listening")
    assert piece.reader.viewport().rect().contains(piece.reader.cursorRect(heading))
    piece.open(SECOND)
    piece.open(FIRST)
    assert "Four: the listening socket" not in piece.reader.toPlainText()


def scroll(piece: LessonsPiece, down: int) -> None:
    viewport = piece.reader.viewport()
    at = QPointF(60, 60)
    wheel = QWheelEvent(
        at, viewport.mapToGlobal(at), QPoint(), QPoint(0, -down), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, wheel)


def top_words(piece: LessonsPiece) -> str:
    reader = piece.reader
    return reader.cursorForPosition(QPoint(reader.viewport().width() // 2, 4)).block().text()


def test_lesson_and_place_are_found_again(
    piece: LessonsPiece, program: Program, show: Callable[[str], LessonsPiece]
) -> None:
    piece.open(SECOND)
    piece.reader.moveCursor(QTextCursor.MoveOperation.Start)
    for _ in range(6):
        scroll(piece, 240)
    seen = top_words(piece)
    assert piece.reader.paragraph > 3
    for percent in (200, 150, 100):
        program.controller.change(projector_percent=percent)
        assert top_words(piece) == seen, "the same words at any size"
    program.window.resize(1500, 900)
    wait_until(lambda: top_words(piece) == seen)
    piece.open(FIRST)
    piece.open(SECOND)
    assert top_words(piece) == seen
    piece.shut_down()
    settings = program.controller.settings
    assert settings.lesson == SECOND
    again = LessonsPiece(program.window.classroom.desk)
    again.resize(piece.size())
    again.show()
    assert again.is_reading
    wait_until(lambda: top_words(again) == seen)
    again.close()
    again.deleteLater()


def test_a_remembered_lesson_that_is_gone_leaves_the_list(program: Program, qtbot: QtBot) -> None:
    program.controller.change(lesson="no-such-lesson", lesson_paragraph=7)
    piece = LessonsPiece(program.window.classroom.desk)
    qtbot.addWidget(piece)
    assert not piece.is_reading


def test_the_language_is_the_windows(piece: LessonsPiece, program: Program) -> None:
    piece.open(SECOND)
    program.controller.change(language="zh_CN")
    wait_until(lambda: "每人一个线程" in piece.reader.toPlainText())
    piece.show_list()
    assert rows(piece)[0] == "1.  套接字：一次对话里的七个调用"


def test_text_is_data(
    piece: LessonsPiece, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No HTML, no pictures, no pages of the web, no files."""
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    picture = folder / "secret.svg"
    read_own(
        piece, folder,
        f"<b>bold</b> <img src='{picture}'> ![a *seal*](http://127.0.0.1:1/x.png) ![]({picture})"
        "\n\n<script>alert(1)</script>\n\n[page](http://example.com/) [file](file:///etc/passwd) "
        "[script](javascript:alert) [lost](piece:nothing)",
    )  # fmt: skip
    text = piece.reader.toPlainText()
    assert "<b>bold</b>" in text
    assert "<script>alert(1)</script>" in text
    assert "[a" in text
    assert "seal]" in text
    assert "\ufffc" not in text
    image = int(QTextDocument.ResourceType.ImageResource.value)
    assert piece.reader.loadResource(image, QUrl.fromLocalFile(str(picture))) is None
    for words, said in (
        ("page", "http://example.com/"), ("file", "file:///etc/passwd"),
        ("script", "javascript:alert"), ("lost", "piece:nothing"),
    ):  # fmt: skip
        click(piece, words if words != "script" else "script lost", qtbot)
        assert said in piece.said.text()
        assert "Own" in piece.reader.toPlainText()
    assert not opened


def test_it_is_painted_in_both_themes_and_large(piece: LessonsPiece, program: Program) -> None:
    piece.open("040-bytes-and-characters")
    for percent in (100, 250):
        for look in ("light", "dark"):
            program.controller.change(projector_percent=percent, theme=look)
            font = piece.reader.document().defaultFont()
            assert font.pixelSize() >= theme().ui_font().pixelSize()
            assert not piece.reader.grab().toImage().isNull()
            assert piece.reader.horizontalScrollBar().maximum() == 0


# -- links ---------------------------------------------------------------------------------------


def test_a_link_shows_a_piece(piece: LessonsPiece, program: Program, qtbot: QtBot) -> None:
    piece.open(FIRST)
    click(piece, "call trace", qtbot)
    wait_until(lambda: isinstance(program.window.classroom.stage.piece("calls"), CallsPiece))


def test_a_link_starts_a_client_and_turns_the_switch(
    piece: LessonsPiece, program: Program, desk: Desk, folder: Path, qtbot: QtBot
) -> None:
    read_own(
        piece, folder,
        "[deaf](demo:deaf) [one](action:one-thread) [many](action:many-threads) "
        "[open](action:open)",
    )  # fmt: skip
    click(piece, "one", qtbot)
    assert program.controller.settings.server.single_threaded
    click(piece, "many", qtbot)
    assert not program.controller.settings.server.single_threaded
    click(piece, "deaf", qtbot)
    assert desk.service.demos.counts[Habit.DEAF] == 1
    assert piece.said.text() == "A demo client was started: Never reads."
    click(piece, "open", qtbot)
    assert piece.said.text() == "The port is open already."
    wait_until(lambda: desk.service.online)
    desk.service.demos.close()
    program.controller.close_server()
    wait_until(lambda: program.controller.state is ServerState.CLOSED)
    click(piece, "open", qtbot)
    assert program.controller.state is ServerState.OPEN
    assert piece.said.text() == "The port is open."


def test_a_link_chooses_an_experiment(piece: LessonsPiece, desk: Desk, qtbot: QtBot) -> None:
    chosen: list[str] = []
    desk.experiment_chosen.connect(chosen.append)
    piece.open("070-goodbyes")
    click(piece, "this lesson's experiment", qtbot)
    assert chosen == ["goodbyes"]


def test_a_link_opens_another_lesson_by_keyboard(
    piece: LessonsPiece, folder: Path, qtbot: QtBot
) -> None:
    read_own(piece, folder, "[there](lesson:020-One-or-Many) [nowhere](lesson:000)")
    qtbot.keyClick(piece.reader, Qt.Key.Key_Tab)
    qtbot.keyClick(piece.reader, Qt.Key.Key_Return)
    assert piece.reader.lesson.name.key == SECOND
    piece.open("own")
    click(piece, "nowhere", qtbot)
    assert "lesson:000" in piece.said.text()


def test_every_link_says_what_it_does(piece: LessonsPiece) -> None:
    tips = [
        piece._errands.tip(href)
        for href in (
            "piece:source", "experiment:goodbyes", "demo:silent", "action:open",
            "action:one-thread", "action:many-threads", "lesson:x", "http://x", "demo:nobody",
        )
    ]  # fmt: skip
    assert all(tips)
    assert len(set(tips)) == len(tips)


# -- the teacher's folder ------------------------------------------------------------------------


def test_a_dropped_lesson_appears_changes_and_goes(piece: LessonsPiece, folder: Path) -> None:
    drop(folder, "15-mine.md", "# Mine <i>")
    wait_until(lambda: rows(piece)[1] == "2.  Mine <i> (your own)")
    piece.open("15-mine")
    drop(folder, "15-mine.md", "# Mine\n\nmore words")
    wait_until(lambda: "more words" in piece.reader.toPlainText())
    replaced = drop(folder, "other.tmp", "# Mine\n\nas editors do it")
    replaced.replace(folder / "15-mine.md")
    wait_until(lambda: "as editors do it" in piece.reader.toPlainText())
    drop(folder, "15-mine.md", "# Mine\n\nand again")
    wait_until(lambda: "and again" in piece.reader.toPlainText())
    (folder / "15-mine.md").unlink()
    wait_until(lambda: not piece.is_reading)
    assert len(rows(piece)) == OURS


def test_a_broken_file_gives_one_sentence(piece: LessonsPiece, folder: Path, qtbot: QtBot) -> None:
    folder.mkdir()
    (folder / "gbk.md").write_bytes("你好".encode("gbk"))
    (folder / "empty.md").touch()
    (folder / "folder.md").mkdir()
    with (folder / "huge.md").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    drop(folder, "late.md.txt", "# Late")
    drop(folder, "lost.md", "# Lost\n[x](demo:nobody)")
    wait_until(lambda: len(rows(piece)) == OURS + 7)
    said = dict(row.split(":", 1) for row in rows(piece)[:6])
    assert "UTF-8" in said["gbk.md"]
    assert "empty" in said["empty.md"]
    assert "folder" in said["folder.md"]
    assert "64 KB" in said["huge.md"]
    assert ".txt" in said["late.md.txt"]
    assert "demo:nobody" in said["lost.md"]
    piece.list_page.list.setCurrentRow(0)
    qtbot.keyClick(piece.list_page.list, Qt.Key.Key_Return)
    assert not piece.is_reading


def test_what_is_new_comes_into_sight(piece: LessonsPiece, folder: Path) -> None:
    piece.open("130-inside-portside")
    piece.show_list()
    entries = piece.list_page.list
    entries.setFixedHeight(120)
    entries.scrollToBottom()
    folder.mkdir()
    (folder / "gbk.md").write_bytes("你好".encode("gbk"))
    wait_until(lambda: len(rows(piece)) == OURS + 1)
    seen = entries.viewport().rect()
    assert seen.intersects(entries.visualItemRect(entries.item(0)))
    drop(folder, "zz.md", "# At the end")
    wait_until(lambda: len(rows(piece)) == OURS + 2)
    assert seen.intersects(entries.visualItemRect(entries.item(OURS + 1)))


def test_the_folder_is_made_and_shown(
    piece: LessonsPiece, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or len(opened) > 1
    )
    assert not folder.exists(), "nothing is made before it is asked for"
    piece.list_page.open_folder.click()
    assert str(folder) in piece.list_page.error.text()
    piece.list_page.open_folder.click()
    assert not piece.list_page.error.isVisible()
    assert [Path(path) for path in opened] == [folder, folder]
    assert (folder / "how-to.txt").is_file()
    drop(folder, "mine.md", "# Mine")
    wait_until(lambda: f"{OURS + 1}.  Mine (your own)" in rows(piece))


def test_a_folder_that_cannot_be_made_is_said(piece: LessonsPiece, folder: Path) -> None:
    folder.write_text("a file stands in the way")
    piece.list_page.open_folder.click()
    assert str(folder) in piece.list_page.error.text()
    piece.open(FIRST)
    piece._actions["adapt"].trigger()
    assert str(folder) in piece._error.text()


def test_ours_is_adapted_and_comes_back(
    piece: LessonsPiece, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    piece.open(FIRST)
    piece._actions["adapt"].trigger()
    copy = folder / "010-first-words.en.md"
    assert str(copy) in piece.said.text()
    assert not piece._actions["adapt"].isEnabled()
    copy.write_text("# Mine now\n", "utf-8")
    wait_until(lambda: "Mine now" in piece.reader.toPlainText())
    copy.unlink()
    wait_until(lambda: "seven calls" in piece.reader.toPlainText())
    assert piece._actions["adapt"].isEnabled()


def test_a_folder_that_may_not_be_read_leaves_ours(
    piece: LessonsPiece, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "mine.md", "# Mine")
    wait_until(lambda: len(rows(piece)) == OURS + 1)
    scandir = os.scandir

    def refuse(path: Path) -> object:  # root may read whatever its mode is: so it is not set
        if path == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    piece._look()
    assert rows(piece)[0].startswith("lessons: it cannot be read (Permission denied)")
    assert len(rows(piece)) == OURS + 1


def test_the_reader_lays_out_again_after_an_exception(qtbot: QtBot) -> None:
    reader = Reader(str)
    qtbot.addWidget(reader)
    with pytest.raises(ZeroDivisionError), reader._laying_out():
        _ = 1 // 0
    assert not reader._settling
