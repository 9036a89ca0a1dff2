"""At any type size nothing of the window is off the screen, and what is important is reachable."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.application import Program
from app.ui.fit import Middle
from app.ui.theme import theme

Start = Callable[..., Program]


@pytest.fixture(autouse=True)
def _size_as_before(qapp: QApplication) -> Iterator[None]:
    yield
    theme().set_type_percent(100)


def is_within_height(program: Program) -> bool:
    window = program.window
    room, frame = window.screen().availableGeometry(), window.frameGeometry()
    return room.top() <= frame.top() and frame.bottom() <= room.bottom()


def middle_of(program: Program) -> Middle:
    found = program.window.findChild(Middle)
    assert isinstance(found, Middle)
    return found


@pytest.mark.parametrize("percent", [100, 150, 200, 250])
def test_the_window_is_no_higher_than_its_screen(start: Start, qtbot: QtBot, percent: int) -> None:
    program = start(type_percent=percent)
    qtbot.waitUntil(lambda: is_within_height(program))
    strip = program.window.status
    assert strip.mapTo(program.window, strip.rect().bottomLeft()).y() < program.window.height()
    program.controller.change(type_percent=250)
    qtbot.waitUntil(lambda: is_within_height(program) and middle_of(program).lack > 0)


def test_a_key_leads_to_what_was_scrolled_away(start: Start, qtbot: QtBot) -> None:
    program = start(type_percent=250)
    qtbot.waitUntil(lambda: middle_of(program).lack > 0)
    middle_of(program).verticalScrollBar().setValue(0)
    program.window.activateWindow()
    program.window.composer.focus_editor()
    qtbot.waitUntil(lambda: not program.window.composer.editor.visibleRegion().isEmpty())


@pytest.mark.parametrize(
    "percents",
    [(250, 180, 100), pytest.param((150, 200, 250, 180, 100, 250, 100), marks=pytest.mark.long)],
)
@pytest.mark.parametrize("rests", [False, True])
def test_larger_type_and_back_leaves_the_window_as_it_was(
    start: Start, qtbot: QtBot, percents: tuple[int, ...], *, rests: bool
) -> None:
    program = start()
    window = program.window
    window.commands["show_detail"].trigger()
    window.resize(790, 700)

    def sizes() -> list[object]:
        parts = (window.log.detail_dock, window.clients, window.log, window.composer)
        return [(part.objectName(), part.height()) for part in parts] + [window.size()]

    qtbot.waitUntil(lambda: window.height() == 700)
    before = sizes()
    for percent in percents:
        program.controller.change(type_percent=percent)
        if rests:
            qtbot.waitUntil(lambda: is_within_height(program))
    qtbot.waitUntil(lambda: sizes() == before)
