"""The experiment is what is on display: its threads, calls, bytes and log, and the way back."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.application import Program
from app.ui.classroom.calls import CallsPiece
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.classroom.experiments.exhibit import ExperimentExhibit
from app.ui.classroom.stream import StreamPiece
from app.ui.classroom.timeline import TimelinePiece
from app.ui.stage.stage import Stage
from tests.support.wait import wait_until

LEFT = Qt.MouseButton.LeftButton
Show = Callable[[str], QWidget]


@pytest.fixture
def piece(show: Callable[[str], ExperimentsPiece]) -> ExperimentsPiece:
    return show("experiments")


@pytest.fixture
def stage(program: Program, piece: ExperimentsPiece) -> Stage:
    return program.window.classroom.stage


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals are made where no other program makes its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("portside-*"))


def begin(piece: ExperimentsPiece, qtbot: QtBot, name: str, *, steps: bool = False) -> None:
    piece.choose(name)
    piece.page.step_by_step.setChecked(steps)
    wait_until(piece.page.run_button.isEnabled)
    qtbot.mouseClick(piece.page.run_button, LEFT)
    wait_until(lambda: not piece._desk.exhibit.is_own)


def play(piece: ExperimentsPiece, qtbot: QtBot, name: str) -> None:
    begin(piece, qtbot, name)
    wait_until(lambda: piece.laboratory.running is None, 20)


def lanes(stage: Stage) -> list[str]:
    timeline = stage.piece("timeline")
    assert isinstance(timeline, TimelinePiece)
    timeline.catch_up()
    return [row.track.lane.name for row in timeline.view.rows if row.track is not None]


def test_every_piece_shows_the_experiment_and_one_click_leads_back(
    program: Program,
    stage: Stage,
    piece: ExperimentsPiece,
    show: Show,
    qtbot: QtBot,
) -> None:
    calls, stream = show("calls"), show("stream")
    assert isinstance(calls, CallsPiece)
    assert isinstance(stream, StreamPiece)
    assert "GUI" in lanes(stage)
    play(piece, qtbot, "queue-or-threads")
    names = lanes(stage)
    assert {"A", "B", "listener", "main"} <= set(names)
    assert "GUI" not in names
    assert any(name.startswith("worker-") for name in names)
    assert stage.seen.title.text.startswith("Experiment server 127.0.0.1:")
    calls.catch_up()
    lines = [calls.rows.line(row) for row in range(calls.rows.rowCount())]
    assert any(line.startswith("client\u00a0A  connect(") for line in lines)
    stream.catch_up()
    assert stream.view.band is not None
    log = program.window.log
    assert log.journal is not None
    assert log.journal is not program.controller.reader.key  # type: ignore[union-attr]
    wait_until(lambda: log.rows.count > 10)
    back = stage.seen.title._back
    assert back.isVisible()
    qtbot.mouseClick(back, LEFT)
    assert "GUI" in lanes(stage)
    assert "A" not in lanes(stage)
    assert log.journal is program.controller.reader.key  # type: ignore[union-attr]
    assert not back.isVisible()


def test_the_title_says_how_the_experiment_s_server_stands(
    stage: Stage, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    begin(piece, qtbot, "queue-or-threads", steps=True)
    waits = "One thread · 1 client · 1 waiting in the backlog"

    def stands() -> bool:
        running = piece.laboratory.running
        if running is not None and len(running.steps) < 2 and running.waits:
            piece.laboratory.go_on()
        stage.seen.title.refresh()
        return stage.seen.title.text.endswith(waits)

    qtbot.waitUntil(stands)
    piece.laboratory.cancel()
    wait_until(lambda: piece.laboratory.running is None)
    stage.seen.title.refresh()
    assert stage.seen.title.text.endswith("over, to be looked at")


def test_the_users_own_log_waits_while_an_experiment_is_on_display(
    program: Program,
    stage: Stage,
    piece: ExperimentsPiece,
    qtbot: QtBot,
    dial: Callable[[], socket.socket],
) -> None:
    play(piece, qtbot, "first-words")
    log = program.window.log
    shown = log.journal
    dial().sendall(b"mine")
    wait_until(lambda: program.controller.sessions)
    assert log.journal is shown
    program.window.classroom.desk.show_exhibit(None)
    wait_until(lambda: log.rows.count > 1)
    assert log.journal is program.controller.reader.key  # type: ignore[union-attr]


END: dict[str, Callable[[Program, ExperimentsPiece], object]] = {
    "back": lambda program, _: program.window.classroom.desk.show_exhibit(None),
    "another page": lambda program, _: program.window.classroom.stage.turn_to("lessons"),
    "another experiment": lambda _, piece: piece.choose("goodbyes"),
    "the class ends": lambda program, _: program.window.classroom.enter(False),
}


@pytest.mark.parametrize("end", END)
@pytest.mark.parametrize("when", ["at the end", "while it waits", "once it is cancelled"])
def test_nothing_is_left_however_it_is_let_go(
    program: Program, stage: Stage, piece: ExperimentsPiece, qtbot: QtBot, end: str, when: str
) -> None:
    before = folders()
    begin(piece, qtbot, "queue-or-threads", steps=when != "at the end")
    if when == "once it is cancelled":
        wait_until(lambda: piece.laboratory.running is not None and piece.laboratory.running.waits)
        piece.laboratory.cancel()
    if when != "while it waits":
        wait_until(lambda: piece.laboratory.running is None, 20)
        assert folders() > before  # it can still be looked at
    END[end](program, piece)
    if piece.laboratory.running is not None:
        piece.laboratory.cancel()
        wait_until(lambda: piece.laboratory.running is None)
        if not piece._desk.exhibit.is_own:  # what ran stayed on display: nobody let it go yet
            program.window.classroom.desk.show_exhibit(None)
    assert folders() == before


def test_another_run_takes_the_place_of_the_last(
    stage: Stage, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    before = folders()
    play(piece, qtbot, "first-words")
    first = piece._desk.exhibit
    wait_until(piece.page.run_button.isEnabled)
    qtbot.mouseClick(piece.page.run_button, LEFT)
    wait_until(lambda: piece._desk.exhibit is not first)
    wait_until(lambda: piece.laboratory.running is None)
    assert len(folders() - before) == 1


def test_the_window_may_close_with_an_experiment_on_display(
    program: Program, stage: Stage, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    before = folders()
    begin(piece, qtbot, "queue-or-threads", steps=True)
    program.window.end()
    assert folders() <= before


def test_after_the_end_the_arrows_go_back_and_forth_along_the_steps(
    stage: Stage, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "first-words")
    timeline, exhibit = stage.piece("timeline"), piece._desk.exhibit
    assert isinstance(timeline, TimelinePiece)
    assert isinstance(exhibit, ExperimentExhibit)
    steps = exhibit.performance.steps

    def marked() -> tuple[int, int]:
        scene = timeline.view.scene()
        assert scene is not None
        return scene.spoken[:2]

    wait_until(lambda: marked() == (steps[-2].at_ns, steps[-1].at_ns))
    piece.page.view.setFocus()
    for _ in range(2):
        qtbot.keyClick(piece.page.view, Qt.Key.Key_Left)
    assert piece.page.looked_at == len(steps) - 2
    assert marked() == (steps[-3].at_ns, steps[-2].at_ns)
    for _ in steps:
        qtbot.keyClick(piece.page.view, Qt.Key.Key_Left)
    assert piece.page.looked_at == 0
    assert marked() == (exhibit.recorder.started_ns, steps[0].at_ns)
    qtbot.keyClick(piece.page.view, Qt.Key.Key_Right)
    assert piece.page.looked_at == 1
