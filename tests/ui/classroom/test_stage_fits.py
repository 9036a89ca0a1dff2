"""Names on the stage are whole where there is little room: what does not fit goes into a menu."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.application import Program
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.classroom.source import SourcePiece
from app.ui.classroom.timeline import TimelinePiece
from app.ui.stage.stage import Stage
from app.ui.widgets import SegmentedButtons
from tests.support.wait import wait_until
from tests.ui.classroom.test_on_display import play

SCREENS = {
    (1280, 720): (150, 250),
    (1440, 900): (150,),
    (1366, 768): (125,),
    (1920, 1080): (200, 250),
}
EACH = [(size, percent) for size, percents in SCREENS.items() for percent in percents]


@pytest.fixture
def stage(program: Program, show: Callable[[str], QWidget]) -> Stage:
    show("experiments")
    return program.window.classroom.stage


def widths(buttons: SegmentedButtons) -> list[tuple[str, int, int]]:
    """What is shown, how wide it is and wants to be."""
    shown = [b for b in buttons._buttons.values() if b.isVisible()]
    return [(b.text(), b.width(), b.sizeHint().width()) for b in shown]


def whole(buttons: SegmentedButtons) -> bool:
    """Whether each name that is shown is not cut."""
    shown = widths(buttons)
    return bool(shown) and all(has_px >= wants_px for _, has_px, wants_px in shown)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(("size", "percent"), EACH)
def test_no_name_is_cut(
    size: tuple[int, int], percent: int, language: str, program: Program, stage: Stage, qtbot: QtBot
) -> None:
    program.controller.change(language=language, projector_percent=percent)
    experiments = stage.story.page
    assert isinstance(experiments, ExperimentsPiece)
    play(experiments, qtbot, "first-words")

    def fits() -> bool:
        program.window.resize(*size)  # again: the screen of the tests is smaller than these
        return whole(stage.top.pages) and whole(stage.seen.tabs)

    wait_until(fits, 5, lambda: f"{widths(stage.top.pages)} {widths(stage.seen.tabs)}")
    wait_until(lambda: (program.window.width(), program.window.height()) == size)
    back = stage.seen.title._back
    wait_until(lambda: back.width() >= back.sizeHint().width(), 5)
    shown = stage.seen.title._title
    room = shown.contentsRect().width() // shown.fontMetrics().averageCharWidth()
    assert room >= min(8, len(shown.text()))
    assert stage.top.leave_button.geometry().right() <= program.window.width()


def test_six_lanes_and_eight_lines_at_the_projector_s_size(
    program: Program, stage: Stage, show: Callable[[str], QWidget], qtbot: QtBot
) -> None:
    program.controller.change(projector_percent=150)
    experiments = stage.story.page
    assert isinstance(experiments, ExperimentsPiece)
    play(experiments, qtbot, "first-words")
    timeline, source = stage.piece("timeline"), show("source")
    assert isinstance(timeline, TimelinePiece)
    assert isinstance(source, SourcePiece)
    line_px = source.view.fontMetrics().height()

    def lanes_and_lines() -> tuple[float, float]:
        program.window.resize(1280, 700)  # of 720, less the bar of a window manager
        lanes_px = timeline.view.verticalScrollBar().pageStep()
        lines_px = source.view.viewport().height()
        return lanes_px / timeline.view._painter.lane, lines_px / line_px

    def fit() -> bool:
        lanes, lines = lanes_and_lines()
        return lanes >= 6 and lines >= 8

    wait_until(fit, 5, lambda: str(lanes_and_lines()))


def test_folded_tabs_choose_by_a_menu(stage: Stage, qtbot: QtBot) -> None:
    tabs = stage.seen.tabs
    tabs.fold(True)
    assert [b.isVisible() for b in tabs._buttons.values()].count(True) == 1
    tabs._fill_menu()
    assert tabs._more is not None
    entries = tabs._more.menu().actions()
    assert [entry.text() for entry in entries] == [b.text() for b in tabs._buttons.values()]
    entries[1].trigger()
    assert stage.seen.below == "calls"
    assert tabs.button("calls").isVisible()
    tabs.fold(False)
    assert all(b.isVisible() for b in tabs._buttons.values())
