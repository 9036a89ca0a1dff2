"""A piece in a window of its own, for a second screen, and how it comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.ui.application import Program
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.stage.stage import Stage
from tests.support.wait import wait_until
from tests.ui.classroom.test_on_display import play

Show = Callable[[str], QWidget]


@pytest.fixture
def stage(program: Program, show: Show) -> Stage:
    show("experiments")
    return program.window.classroom.stage


@pytest.mark.parametrize("name", ["timeline", "calls", "log"])
def test_a_torn_piece_goes_on_showing_and_comes_back(
    name: str, program: Program, stage: Stage, show: Show, qtbot: QtBot
) -> None:
    piece, place = show(name), stage.seen.places[name]
    stage.seen.tear(name)
    assert piece.window() is not program.window
    assert piece.isVisible()
    assert place.isVisible()  # where it was, the way back stands
    experiments = stage.story.page
    assert isinstance(experiments, ExperimentsPiece)
    play(experiments, qtbot, "first-words")
    wait_until(lambda: not program.window.classroom.desk.exhibit.is_own)
    away = piece.window()
    away.close()
    assert piece.window() is program.window
    assert not away.isVisible()
    wait_until(lambda: stage.seen.places[name].made is piece)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("name", ["statistics", "filters"])
def test_what_belongs_to_a_torn_log_closes_with_its_window_and_is_made_anew(
    name: str, program: Program, stage: Stage, show: Show, qtbot: QtBot
) -> None:
    show("log")
    stage.seen.tear("log")
    away = program.window.log.window()
    program.window.commands[name].trigger()
    (dialog,) = away.findChildren(QDialog)
    wait_until(dialog.isVisible)
    with qtbot.waitSignal(away.destroyed):
        away.close()
    program.window.commands[name].trigger()
    wait_until(lambda: any(d.isVisible() for d in program.window.findChildren(QDialog)))


def test_the_class_ends_and_everything_is_where_it_was(program: Program, qtbot: QtBot) -> None:
    window, door = program.window, program.window.classroom
    before = window.geometry(), window.saveState(), window.log.geometry(), window.clients.geometry()
    door.enter(True)
    door.stage.reveal("calls")
    for name in ("timeline", "calls", "log"):
        door.stage.seen.tear(name)
    torn = [place.made.window() for place in door.stage.seen.places.values() if place.is_torn]  # type: ignore[union-attr]
    assert len(torn) == 3
    qtbot.keyClick(door.stage, Qt.Key.Key_Escape)
    assert not door.is_on
    assert all(not away.isVisible() for away in torn)
    qtbot.waitUntil(
        lambda: (
            (
                window.geometry(),
                window.saveState(),
                window.log.geometry(),
                window.clients.geometry(),
            )
            == before
        )
    )
    door.enter(True)  # and are away again, as they were
    assert [name for name, place in door.stage.seen.places.items() if place.is_torn] == [
        "timeline", "calls", "log",
    ]  # fmt: skip
