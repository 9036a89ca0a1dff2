"""Experiments are chosen, run, held up, cancelled and taken home: with real runs."""

from __future__ import annotations

import errno
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.teaching.experiments import catalogue
from app.teaching.experiments.catalogue import EXPERIMENTS, Experiment
from app.teaching.experiments.facts import Result
from app.teaching.experiments.lab import Lab, TookTooLong
from app.ui.application import Program
from app.ui.classroom.desk import Desk
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.theme import theme
from app.wording.experiments import words_of
from tests.support.wait import wait_until

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def piece(show: Callable[[str], ExperimentsPiece]) -> ExperimentsPiece:
    return show("experiments")


def told(piece: ExperimentsPiece) -> str:
    return piece.page.view.toPlainText()


def steps_told(piece: ExperimentsPiece) -> int:
    run = piece.laboratory.last_run(piece.page.experiment.id)
    return len(run.steps) if run is not None else 0


def wait_for_the_end(piece: ExperimentsPiece) -> None:
    wait_until(lambda: piece.laboratory.running is None, 60)


def waits_at(piece: ExperimentsPiece, steps: int) -> bool:
    """Whether so many steps have been told, and the text says that it stands still."""
    running = piece.laboratory.running
    return (
        running is not None
        and running.waits
        and steps_told(piece) == steps
        and "It stands still here" in told(piece)
    )


def run_through(piece: ExperimentsPiece, qtbot: QtBot, name: str) -> None:
    piece.choose(name)
    piece.page.step_by_step.setChecked(False)
    wait_until(piece.page.run_button.isEnabled)
    qtbot.mouseClick(piece.page.run_button, LEFT)
    wait_for_the_end(piece)


def experiment_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("experiment")]


def test_at_first_it_says_what_to_watch_and_how_to_begin(piece: ExperimentsPiece) -> None:
    assert piece.page.experiment.id == "first-words"
    assert words_of("first-words", "watch") in told(piece)
    assert "Press “Run” (F8) to begin" in told(piece)
    assert piece.page.run_button.isVisible()
    assert not piece.page.copy_button.isVisible()


def test_a_run_ends_with_expected_beside_measured(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    run_through(piece, qtbot, "glued-messages")
    text = told(piece)
    assert "The three messages are glued together" in text
    assert text.count("✓ holds") == 4
    assert "All 4 came out as expected." in text
    assert words_of("glued-messages", "conclusion") in text
    assert piece.page.run_button.text() == "Run again"


def test_step_by_step_it_stands_still_until_next(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    qtbot.mouseClick(piece.page.run_button, LEFT)
    wait_until(lambda: waits_at(piece, 1))
    assert not piece.page.run_button.isVisible()
    wait_until(lambda: "1 of 7" in piece.page._status.text())
    qtbot.mouseClick(piece.page.next_button, LEFT)
    wait_until(lambda: waits_at(piece, 2))
    for _ in range(6):
        qtbot.mouseClick(piece.page.next_button, LEFT)
        wait_until(lambda: piece.laboratory.running is None or piece.laboratory.running.waits)
    wait_for_the_end(piece)
    assert steps_told(piece) == 7
    assert "Conclusion" in told(piece)


def test_the_keyboard_runs_goes_on_and_cancels(
    program: Program, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    program.window.activateWindow()
    qtbot.keyClick(program.window, Qt.Key.Key_F8)
    wait_until(lambda: waits_at(piece, 1))
    for at, key in enumerate((Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter), 2):
        focus = program.window.focusWidget()
        assert isinstance(focus, QWidget)
        assert piece.isAncestorOf(focus)
        qtbot.keyClick(focus, key)
        wait_until(lambda at=at: waits_at(piece, at))  # type: ignore[misc]
    piece.page.view.setFocus()
    qtbot.keyClick(piece.page.view, Qt.Key.Key_Space)
    wait_until(lambda: waits_at(piece, 5))
    qtbot.keyClick(program.window, Qt.Key.Key_F8)
    wait_until(lambda: waits_at(piece, 6))
    qtbot.keyClick(piece.page.view, Qt.Key.Key_Escape)
    wait_for_the_end(piece)
    assert "Cancelled after step 6 of 7" in told(piece)
    assert not experiment_threads()


def test_the_button_cancels_in_the_middle_of_a_wait(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    piece.choose("full-backlog")
    qtbot.mouseClick(piece.page.run_button, LEFT)
    for step in (1, 2, 3):
        wait_until(lambda step=step: waits_at(piece, step))  # type: ignore[misc]
        qtbot.mouseClick(piece.page.next_button, LEFT)
    qtbot.mouseClick(piece.page.cancel_button, LEFT)  # now it waits a second for the kernel
    wait_for_the_end(piece)
    assert "Cancelled after step 3 of 5" in told(piece)
    assert "Conclusion" not in told(piece)
    assert not experiment_threads()
    wait_until(piece.page.run_button.isEnabled)  # and it can be run again


def test_the_window_is_closed_while_one_runs(
    program: Program,
    piece: ExperimentsPiece,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    qtbot.mouseClick(piece.page.run_button, LEFT)
    wait_until(lambda: waits_at(piece, 1))
    assert list(tmp_path.iterdir())
    assert experiment_threads()
    program.window.end()
    assert not experiment_threads()
    assert not list(tmp_path.iterdir())


def test_leaving_the_classroom_cancels_and_another_page_does_not(
    program: Program, qtbot: QtBot
) -> None:
    window = program.window
    window.commands["classroom"].trigger()
    window.commands["run_experiment"].trigger()
    door = window.classroom
    piece = door.stage.piece("experiments")
    assert isinstance(piece, ExperimentsPiece)
    wait_until(lambda: waits_at(piece, 1))
    door.show_piece("lessons")
    assert not piece.isVisible()
    piece.laboratory.go_on()
    wait_until(lambda: steps_told(piece) == 2)
    assert piece.laboratory.running is not None
    window.commands["classroom"].trigger()
    wait_for_the_end(piece)
    run = piece.laboratory.last_run("first-words")
    assert run is not None
    assert run.was_cancelled
    assert not experiment_threads()


def test_a_second_run_is_impossible(
    program: Program, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    qtbot.mouseClick(piece.page.run_button, LEFT)
    wait_until(lambda: waits_at(piece, 1))
    first = piece.laboratory.running
    piece.choose("mojibake")
    assert not piece.page.run_button.isEnabled()
    piece.page.run()
    assert not piece.laboratory.run("mojibake", step_by_step=False)
    assert piece.laboratory.running is first
    assert "“The first words” is under way" in piece.page._status.text()
    qtbot.mouseClick(piece.page._show_running, LEFT)
    assert piece.page.experiment.id == "first-words"
    qtbot.mouseClick(piece.page.cancel_button, LEFT)
    wait_for_the_end(piece)


def test_one_next_too_many_does_not_run_it_again(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    piece.page._rest.setInterval(60_000)  # of this test's choice
    run_through(piece, qtbot, "mojibake")
    run = piece.laboratory.last_run("mojibake")
    assert not piece.page.run_button.isEnabled()
    piece.press_on()
    assert piece.laboratory.last_run("mojibake") is run
    piece.page._rest.start(0)
    wait_until(piece.page.run_button.isEnabled)
    qtbot.mouseClick(piece.page.run_button, LEFT)
    assert piece.laboratory.last_run("mojibake") is not run
    wait_for_the_end(piece)


def test_stepping_is_remembered_and_can_be_given_up_meanwhile(
    program: Program, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    qtbot.mouseClick(piece.page.run_button, LEFT)
    wait_until(lambda: waits_at(piece, 1))
    piece.page.step_by_step.click()
    wait_for_the_end(piece)
    assert steps_told(piece) == 7
    assert program.controller.settings.experiment_steps is False


def test_the_two_outputs_stand_side_by_side(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    run_through(piece, qtbot, "queue-or-threads")
    document = piece.page.view.document()
    tables = [frame for frame in document.rootFrame().childFrames() if hasattr(frame, "cellAt")]
    output = tables[1]
    rows = []
    for row in range(output.rows()):
        cells = []
        for column in range(output.columns()):
            cell = output.cellAt(row, column)
            cursor = cell.firstCursorPosition()
            cursor.setPosition(cell.lastPosition(), cursor.MoveMode.KeepAnchor)
            cells.append(cursor.selectedText())
        rows.append(tuple(cells))
    assert rows[0] == ("One thread", "A thread per client")
    assert rows[3:5] == [("A  b'A2'", "B  online"), ("A  offline", "B  b'B1'")]


def test_the_result_is_copied_as_text(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    run_through(piece, qtbot, "never-equal")
    qtbot.mouseClick(piece.page.copy_button, LEFT)
    clipboard = QGuiApplication.clipboard()
    text = clipboard.text()
    assert text.startswith("if recv_data == 1\nPortside ")
    assert "Rounds of the loop with the bug\t≥ 10,000\t10,000\tholds" in text
    assert "Copied" in piece.page._status.text()
    clipboard.clear()
    qtbot.keyClick(piece.page.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == text
    qtbot.keyClick(piece.page.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(piece.page.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "What to watch" in clipboard.text()
    assert clipboard.text() != text


def test_another_piece_asks_for_an_experiment(program: Program, desk: Desk) -> None:
    desk.experiment_chosen.emit("goodbyes")
    piece = program.window.classroom.stage.piece("experiments")
    assert isinstance(piece, ExperimentsPiece)
    wait_until(piece.isVisible)
    assert piece.page.experiment.id == "goodbyes"
    assert piece.laboratory.last_run("goodbyes") is None
    desk.experiment_chosen.emit("there-is-no-such-experiment")
    assert piece.page.experiment.id == "goodbyes"


def test_the_list_is_there_for_mouse_and_keyboard(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    qtbot.mouseClick(piece.list_button, LEFT)
    chooser = piece.chooser
    assert chooser.isVisible()
    assert not piece.page.isVisible()
    assert chooser.count() == len(EXPERIMENTS)
    qtbot.keyClick(chooser, Qt.Key.Key_Down)
    qtbot.keyClick(chooser, Qt.Key.Key_Return)
    assert piece.page.experiment.id == "queue-or-threads"
    assert piece.page.isVisible()
    qtbot.mouseClick(piece.list_button, LEFT)
    qtbot.keyClick(chooser, Qt.Key.Key_Escape)
    assert piece.page.isVisible()
    qtbot.mouseClick(piece.following_button, LEFT)
    assert piece.page.experiment.id == "glued-messages"
    qtbot.mouseClick(piece.list_button, LEFT)
    third = chooser.visualItemRect(chooser.item(0)).center()
    qtbot.mouseClick(chooser.viewport(), LEFT, pos=third)
    assert piece.page.experiment.id == "first-words"
    assert not piece.previous_button.isEnabled()


def test_with_room_the_list_stands_beside_and_marks_what_came_out(desk: Desk, qtbot: QtBot) -> None:
    piece = ExperimentsPiece(desk)
    qtbot.addWidget(piece)
    piece.resize(1000, 700)
    piece.show()
    qtbot.waitExposed(piece)
    assert piece.chooser.isVisible()
    assert piece.page.isVisible()
    assert not piece.list_button.isVisible()
    run_through(piece, qtbot, "mojibake")
    spoken = [
        piece.chooser.item(row).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(piece.chooser.count())
    ]
    assert [at for at, text in enumerate(spoken) if text.endswith("\nholds")] == [5]
    piece.shut_down()


def fails_with(error: Exception) -> Callable[[Lab], Result]:
    def run(lab: Lab) -> Result:
        lab.step("sent", text="", data=b"")
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (TookTooLong("sent"), "did not happen within 10 seconds"),
        (OSError(errno.EMFILE, "Too many open files"), "Disconnect some clients"),
        (OSError(errno.ECONNREFUSED, "Connection refused"), "Connection refused"),
        (ValueError("oops"), "ValueError oops"),
    ],
)
def test_what_goes_wrong_is_one_sentence(
    piece: ExperimentsPiece,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    sentence: str,
) -> None:
    broken = Experiment("mojibake", EXPERIMENTS["mojibake"].steps, fails_with(error))
    monkeypatch.setitem(catalogue.EXPERIMENTS, "mojibake", broken)
    run_through(piece, qtbot, "mojibake")
    assert sentence in told(piece)
    assert "Conclusion" not in told(piece)


def test_open_or_closed_the_port_is_not_touched(
    program: Program, piece: ExperimentsPiece, desk: Desk, qtbot: QtBot
) -> None:
    before = desk.classroom.recorder.lanes()
    run_through(piece, qtbot, "queue-or-threads")
    assert program.controller.sessions == {}
    assert [lane.name for lane in desk.classroom.recorder.lanes()] == [lane.name for lane in before]
    program.controller.close_server()
    wait_until(lambda: program.controller.server is None)
    run_through(piece, qtbot, "glued-messages")
    assert "✓ holds" in told(piece)
    assert program.controller.server is None


def test_words_and_looks_change_at_run_time(
    program: Program, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    run_through(piece, qtbot, "cut-character")
    program.controller.change(language="zh_CN")
    wait_until(lambda: "结论" in told(piece) and "✓ 相符" in told(piece))
    assert piece.page.run_button.text() == "再运行一次"
    program.controller.change(language="en", projector_percent=250)
    wait_until(lambda: "Conclusion" in told(piece))
    view = piece.page.view
    assert view.document().defaultFont().pixelSize() == theme().ui_font().pixelSize()
    # Whatever the width: nothing sticks out at the right.
    assert view.document().size().width() <= view.viewport().width()
    program.controller.change(projector_percent=100)


def test_what_happens_now_is_in_sight(piece: ExperimentsPiece, qtbot: QtBot) -> None:
    piece.window().resize(900, 420)
    piece.choose("daemon-threads")
    qtbot.mouseClick(piece.page.run_button, LEFT)
    for at in range(1, 9):
        wait_until(lambda at=at: waits_at(piece, at))  # type: ignore[misc]
        view = piece.page.view
        now = view._seen
        assert now is not None
        top = view.cursorRect(view._at(now.start)).top()
        assert 0 <= top < view.viewport().height(), at
        piece.laboratory.go_on()
    wait_for_the_end(piece)


def test_every_button_has_words_and_a_tip(piece: ExperimentsPiece) -> None:
    for button in piece.page.findChildren(QPushButton):
        assert button.text()
    assert piece.chooser.accessibleName()
    assert piece.list_button.toolTip()
    QTest.qWait(0)
