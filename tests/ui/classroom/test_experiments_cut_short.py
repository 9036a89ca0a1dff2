"""An experiment ends in order wherever it is cut short, and the next one runs."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge.laboratory import Laboratory
from app.teaching.experiments.catalogue import EXPERIMENTS
from app.ui.application import Program
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.classroom.experiments.view import StoryView
from tests.support.wait import wait_until

SHORT = ("first-words", "daemon-threads", "queue-or-threads")


def cut_at_every_step(name: str, view: StoryView, folder: Path) -> None:
    laboratory, experiment = Laboratory(), EXPERIMENTS[name]
    laboratory.changed.connect(
        lambda: view.show_story(experiment, laboratory.last_run(experiment.id))
    )
    for steps in range(len(experiment.steps) + 1):
        assert laboratory.run(name, step_by_step=True)
        run = laboratory.last_run(name)
        assert run is not None
        while len(run.steps) < steps:
            wait_until(lambda: run.waits)  # noqa: B023
            told = len(run.steps)
            if told < steps:
                laboratory.go_on()
                wait_until(lambda: len(run.steps) > told or run.is_over)  # noqa: B023
        laboratory.cancel()
        wait_until(lambda: laboratory.running is None)
        assert run.was_cancelled or run.result is not None, (name, steps)
        assert not [t for t in threading.enumerate() if t.name.startswith("experiment")]
        assert not list(folder.iterdir()), (name, steps)
    laboratory.close()


@pytest.mark.parametrize("name", SHORT)
def test_cancelled_at_any_step(
    name: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    view = StoryView()
    qtbot.addWidget(view)
    view.show()
    cut_at_every_step(name, view, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name not in SHORT])
def test_each_one_cancelled_at_any_step(
    name: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_cancelled_at_any_step(name, qtbot, tmp_path, monkeypatch)


def test_the_port_and_the_language_change_in_the_middle(program: Program, qtbot: QtBot) -> None:
    window = program.window
    window.commands["classroom"].trigger()
    piece = window.findChild(ExperimentsPiece)
    assert isinstance(piece, ExperimentsPiece)
    laboratory = piece.laboratory
    for name in ("queue-or-threads", "mojibake"):  # one right after the other
        piece.choose(name)
        wait_until(piece.page.run_button.isEnabled)
        piece.press_on()
        wait_until(lambda: laboratory.running is not None and laboratory.running.waits)
        program.controller.close_server()
        wait_until(lambda: program.controller.server is None)
        program.controller.change(language="zh_CN", projector_percent=150)
        wait_until(lambda: piece.page.next_button.text() == "下一步")
        piece.press_on()
        window.service.open()
        wait_until(lambda: program.controller.server is not None)
        program.controller.change(language="en", projector_percent=100)
        piece.page.step_by_step.setChecked(False)
        wait_until(lambda: laboratory.running is None)
        wait_until(lambda: "Conclusion" in piece.page.view.toPlainText())
        run = laboratory.last_run(name)
        assert run is not None
        assert run.result is not None
        piece.page.step_by_step.setChecked(True)


def test_the_window_is_closed_while_one_runs_on(program: Program, qtbot: QtBot) -> None:
    window = program.window
    window.commands["classroom"].trigger()
    window.commands["run_experiment"].trigger()
    piece = window.findChild(ExperimentsPiece)
    assert isinstance(piece, ExperimentsPiece)
    running = piece.laboratory.running
    assert running is not None
    piece.page.step_by_step.setChecked(False)  # it runs on while the window goes
    window.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("experiment")]
