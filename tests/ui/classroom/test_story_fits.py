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
from app.ui.classroom.experiments.story import Story, columns_from_px
from app.ui.classroom.experiments.view import StoryView
from app.ui.theme import theme
from app.wording import LANGUAGES, set_language, tr
from tests.support.wait import wait_until


def run_all(laboratory: Laboratory) -> None:
    """Run each of them once, to its end."""
    for experiment in laboratory.experiments:
        assert laboratory.run(experiment.id, step_by_step=False)
        wait_until(lambda: laboratory.running is None, 60)
        run = laboratory.last_run(experiment.id)
        assert run is not None
        assert run.result is not None, experiment.id


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
        wide = view.maximumViewportSize().width() >= columns_from_px()
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
    # Around the width from which on there is room for columns, the scroll bar's width included.
    band_px = range(columns_from_px() - 20, columns_from_px() + 24, 4)
    for experiment in laboratory.experiments:
        view.show_story(experiment, laboratory.last_run(experiment.id))
        for height in (160, 330, 700):  # the bar is there, comes and goes, is mostly not there
            for width in band_px:
                view.resize(width, height)
                seen.add(told.check(view, experiment.id))
    assert seen == {True, False}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("percent", [100, 150, 250])
def test_no_word_at_the_head_of_a_column_is_broken(
    qtbot: QtBot, language: str, percent: int
) -> None:
    set_language(language)
    theme().set_type_percent(percent)
    laboratory, view = Laboratory(), StoryView()
    qtbot.addWidget(view)
    experiment = laboratory.experiments[0]
    laboratory.run(experiment.id, step_by_step=False)
    wait_until(lambda: laboratory.running is None)
    view.show()
    view.resize(columns_from_px() + 1, 400)
    view.show_story(experiment, laboratory.last_run(experiment.id))
    heads = [tr(f"laboratory.{key}") for key in ("what", "expected", "measured", "verdict")]
    found = []
    block = view.document().begin()
    while block.isValid():
        if block.text() in heads:
            found.append(block.text())
            assert block.layout().lineCount() == 1, block.text()
        block = block.next()
    assert set(found) == set(heads)


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
