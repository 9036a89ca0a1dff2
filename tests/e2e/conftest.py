from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.arguments import Arguments
from app.paths import find_places
from app.ui.application import Program
from tests.support.window import end


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, user_home: Path) -> Iterator[Callable[..., Program]]:
    """Start the program with a window, as `run_window` does; several times one after another."""
    running: list[Program] = []

    def begin(**overrides: object) -> Program:
        wishes = {"host": "127.0.0.1", "port": 0, "language": "zh_CN", **overrides}
        program = Program(qapp, Arguments(overrides=wishes), find_places())
        running.append(program)
        program.start()
        qtbot.waitExposed(program.window)
        return program

    yield begin
    for program in running:
        if isValid(program):  # the test has not ended it itself
            end(program)
