"""Exercises: written, checked by real clients, marked as done, brought along by a teacher."""

from __future__ import annotations

import csv
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from app.paths import resource
from app.ui.application import Program
from app.ui.classroom.exercises import ExercisesPiece
from app.ui.theme import theme
from tests.support.wait import wait_until

FIRST = "010-answer"
CHECK_S = 30.0


@pytest.fixture
def piece(show: Callable[[str], ExercisesPiece]) -> ExercisesPiece:
    return show("exercises")


def checked(piece: ExercisesPiece, program: Program) -> str:
    """Check by the command, and return how it went."""
    program.window.commands["check_exercise"].trigger()
    wait_until(lambda: not piece.work.is_checking, CHECK_S)
    return piece.work.outcome.toPlainText()


def rows(piece: ExercisesPiece) -> list[str]:
    entries = piece.list_page.list
    return [entries.item(row).text() for row in range(entries.count())]


def test_the_first_is_solved_from_its_starter_by_typing(
    piece: ExercisesPiece, program: Program, qtbot: QtBot
) -> None:
    piece.list_page.list.setFocus()
    piece.list_page.list.setCurrentRow(0)
    qtbot.keyClick(piece.list_page.list, Qt.Key.Key_Return)
    editor = piece.work.editor
    assert editor.hasFocus()
    told = checked(piece, program)
    assert "✗ One client gets the answer" in told
    assert "A expects 交易正在处理 (BD BB D2 D7" in told
    editor.moveCursor(QTextCursor.MoveOperation.End)
    line = 'client.send("交易正在处理".encode("gbk"))'
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)  # the empty line at the end
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    editor.insertPlainText(line)  # an input method's way: QTest types no Chinese
    told = checked(piece, program)
    assert piece.work.state.text() == "All 3 checks passed."
    assert told.count("passed") == 3
    piece.show_list()
    assert rows(piece)[0].endswith("(done)")
    again = ExercisesPiece(piece._desk)
    assert again.work.editor.source.endswith(line + "\n")
    assert again.results.rows()[0].passed
    again.shut_down()
    again.deleteLater()


def test_what_was_seen_is_told_beside_what_was_expected(
    piece: ExercisesPiece, program: Program
) -> None:
    piece.open(FIRST)
    piece.work.editor.replace_text(
        "def handle(client):\n    client.recv()\n    client.send('交易已完成\\r')\n"
    )
    told = checked(piece, program)
    assert "A expected 交易正在处理" in told
    assert "from byte 5 on something else came: 交易已完成CR" in told
    piece.work.editor.replace_text("def handle(client):\n    1 / 0\n")
    told = checked(piece, program)
    assert "Meanwhile the program failed: Line 2: ZeroDivisionError" in told
    assert set(piece.work.editor.faulty_lines) == {2}
    piece.work.editor.replace_text("def handle(client)\n    pass\n")
    assert "Line 1: Python cannot read this" in checked(piece, program)
    assert not piece.results.rows()[0].passed


def test_back_to_the_starter_and_back_again(piece: ExercisesPiece) -> None:
    piece.open(FIRST)
    editor, begun = piece.work.editor, piece.work.editor.source
    editor.replace_text("x = 1\n")
    piece.work.tools["restart"].trigger()
    assert editor.source == begun
    editor.undo()
    assert editor.source == "x = 1\n"


def test_the_solution_is_folded_and_a_teacher_hides_it(piece: ExercisesPiece) -> None:
    piece.open(FIRST)
    reader = piece.work.reader
    assert "client.send" in reader.toPlainText()  # the task speaks of it
    assert "data = client.recv(1024)" not in reader.toPlainText()
    reader.show_answer()
    assert "data = client.recv(1024)" in reader.toPlainText()
    piece.show_list()
    piece.list_page.hide_solutions.click()
    piece.open(FIRST)
    assert reader.lesson is not None
    assert reader.lesson.answer == ""


def test_a_folder_that_is_dropped_in_is_an_exercise(
    piece: ExercisesPiece, program: Program
) -> None:
    folder = piece._places.exercises_dir
    shutil.copytree(resource("exercises") / FIRST, folder / "005-own")
    (folder / "bad").mkdir()
    (folder / "bad" / "task.en.md").write_text("# Bad\n")
    (folder / "bad" / "starter.py").write_text("def handle(client): ...\n")
    (folder / "bad" / "checks.toml").write_text("[[check]]\n")
    wait_until(lambda: any("(own)" in row for row in rows(piece)))
    wait_until(lambda: rows(piece)[0].startswith("bad: checks.toml is wrong: no_title"))
    assert rows(piece)[1] == "1.  Answer every client (own)"


def test_results_are_exported_and_no_cell_is_a_formula(
    piece: ExercisesPiece, program: Program, tmp_path: Path
) -> None:
    piece.results.add(FIRST, [("answer", True), ("waits", False)])
    piece.list_page.who.setText("=1+1")
    path = tmp_path / "results.csv"
    piece.export_to(path)
    wait_until(lambda: not piece.saving.is_busy)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, first, second = csv.reader(file)
    assert head == ["who", "exercise", "check", "passed", "when"]
    assert first[:4] == ["'=1+1", FIRST, "answer", "yes"]
    assert second[2:4] == ["waits", "no"]


def test_closing_while_a_check_runs_leaves_no_thread(
    piece: ExercisesPiece, program: Program
) -> None:
    piece.open(FIRST)
    piece.work.editor.replace_text("def handle(client):\n    while True:\n        pass\n")
    program.window.commands["check_exercise"].trigger()
    names = ("exercise", "worker-1", "program")
    wait_until(lambda: any(each.name.startswith("worker-1") for each in threading.enumerate()))
    program.window.end()
    assert not [each for each in threading.enumerate() if each.name.split(" ")[0] in names]


def test_the_check_that_failed_is_on_display_until_one_click_back(
    piece: ExercisesPiece, program: Program
) -> None:
    desk = program.window.classroom.desk
    piece.open(FIRST)
    checked(piece, program)
    exhibit = desk.exhibit
    assert not exhibit.is_own
    assert exhibit.title() == "Check: One client gets the answer"
    assert exhibit.facts() == ["over, to be looked at"]
    calls = exhibit.recorder.calls_after(0)
    assert {"accept", "connect", "recv", "send", "close"} <= {call.name for call in calls}
    lanes = {lane.name.split(" ")[0] for lane in exhibit.recorder.lanes()}
    assert {"A", "worker-1", "listener"} <= lanes
    assert exhibit.reader is not None
    assert exhibit.reader.last_id > 0
    desk.show_exhibit(None)  # what the button "Show your server" does
    assert desk.exhibit.is_own


def test_of_checks_that_pass_the_last_is_on_display_and_goes_with_the_page(
    piece: ExercisesPiece, program: Program
) -> None:
    desk = program.window.classroom.desk
    piece.open(FIRST)
    piece.work.editor.replace_text(
        "def handle(client):\n    client.recv()\n    client.send('交易正在处理'.encode('gbk'))\n"
    )
    checked(piece, program)
    last = piece.work.outcome.trials[-1].verdict.check
    assert desk.exhibit.title() == f"Check: {last.titles['en']}"
    program.window.classroom.show_piece("lessons")
    assert desk.exhibit.is_own
    program.window.classroom.show_piece("exercises")
    program.window.commands["check_exercise"].trigger()
    wait_until(lambda: not desk.exhibit.is_own)
    program.window.classroom.show_piece("lessons")  # in the middle of it: seen no more
    wait_until(lambda: not piece.work.is_checking, CHECK_S)
    assert desk.exhibit.is_own


def test_task_and_result_take_turns_beside_the_text(
    piece: ExercisesPiece, program: Program, qtbot: QtBot
) -> None:
    """On a small screen in large type, either is read eight lines at a time."""
    piece.open(FIRST)
    work = piece.work
    assert work.reader.isVisible()
    assert work.state.text().startswith("Write, then Check")
    checked(piece, program)
    assert work.outcome.isVisible()
    assert not work.reader.isVisible()
    qtbot.mouseClick(work.sides.button("task"), Qt.MouseButton.LeftButton)
    assert work.reader.isVisible()
    theme().magnify(150)
    program.window.resize(1280, 720)
    work.show_side("results")
    line = work.outcome.fontMetrics().lineSpacing()
    wait_until(lambda: work.outcome.viewport().height() >= 7 * line)
    theme().magnify(100)
