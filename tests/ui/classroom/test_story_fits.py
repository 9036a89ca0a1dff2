"""Every experiment's result is told whole in every width and height of the window."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bridge.laboratory import Laboratory
from app.teaching.experiments.catalogue import Experiment
from app.ui.application import Program
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.classroom.experiments.story import Story
from app.ui.classroom.experiments.view import WIDE_PX, StoryView
from app.ui.theme import theme
from tests.support.wait import wait_until

# Around the width from which on there is room for columns, the scroll bar's width included.
BAND_PX = range(WIDE_PX - 20, WIDE_PX + 24, 4)


def run_all(laboratory: Laboratory) -> None:
    """Run each of them once, to its end."""
    for experiment in laboratory.experiments:
        assert laboratory.run(experiment.id, step_by_step=False)
        wait_until(lambda: laboratory.running is None, 20)
        run = laboratory.last_run(experiment.id)
        assert run is not None
        assert run.result is not None


class Told:
    """What is told of each run, written where nothing disturbs, to compare a view with."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._texts = {
            (experiment.id, wide): self._write(laboratory, experiment, wide=wide)
            for experiment in laboratory.experiments
            for wide in (True, False)
        }

    @staticmethod
    def _write(laboratory: Laboratory, experiment: Experiment, *, wide: bool) -> str:
        document = QTextDocument()
        Story(document, wide=wide).write(experiment, laboratory.last_run(experiment.id))
        return document.toPlainText()

    def check(self, view: StoryView, name: str) -> bool:
        """Check what the view tells, whole and inside of it; return whether it has columns."""
        wide = view.maximumViewportSize().width() >= theme().px(WIDE_PX)
        assert view.toPlainText() == self._texts[name, wide], (name, view.window().size())
        room = view.viewport().width() + 1  # shares of the width are rounded up
        assert view.document().size().width() <= room, (name, view.size())
        return wide


def test_a_result_is_whole_where_columns_begin_to_fit(qtbot: QtBot) -> None:
    laboratory, view = Laboratory(), StoryView()
    qtbot.addWidget(view)
    run_all(laboratory)
    told, seen = Told(laboratory), set()
    view.show()
    for experiment in laboratory.experiments:
        view.show_story(experiment, laboratory.last_run(experiment.id))
        for height in (160, 330, 700):  # the bar is there, comes and goes, is mostly not there
            for width in BAND_PX:
                view.resize(width, height)
                seen.add(told.check(view, experiment.id))
    assert seen == {True, False}


@pytest.mark.long
def test_a_result_is_whole_in_every_size_of_the_window(program: Program) -> None:
    window = program.window
    window.commands["classroom"].trigger()
    piece = window.findChild(ExperimentsPiece)
    assert isinstance(piece, ExperimentsPiece)
    run_all(piece.laboratory)
    told, seen = Told(piece.laboratory), set()
    for height in (720, 1000):
        for width in range(1000, 1951, 4):
            window.resize(width, height)
            QApplication.processEvents()
            for experiment in piece.laboratory.experiments:
                piece.choose(experiment.id)
                seen.add(told.check(piece.page.view, experiment.id))
    assert seen == {True, False}
