"""A desk with real parts and a real server, for pieces of the classroom."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.application import Program
from app.ui.classroom.desk import Desk
from tests.support.window import running


@pytest.fixture
def program(qapp: QApplication, user_home: Path) -> Iterator[Program]:
    """The whole program with its port open; each piece is tested where it stands."""
    wishes = {"host": "127.0.0.1", "port": 0, "language": "en", "projector_percent": 100}
    with running(qapp, **wishes) as program:
        program.window.service.open()
        yield program


@pytest.fixture
def desk(program: Program) -> Desk:
    return program.window.classroom.desk


@pytest.fixture
def show(program: Program, qtbot: QtBot) -> Callable[[str], QWidget]:
    """Return a function that shows a piece on the stage, and returns it."""

    def show_piece(name: str) -> QWidget:
        program.window.resize(1280, 900)
        door = program.window.classroom
        door.show_piece(name)
        piece = door.stage.piece(name)
        assert piece is not None
        qtbot.waitUntil(piece.isVisible)
        return piece

    return show_piece


@pytest.fixture
def dial(program: Program) -> Iterator[Callable[[], socket.socket]]:
    """Return a maker of clients that are online; all are closed."""
    with ExitStack() as stack:

        def make() -> socket.socket:
            endpoint = program.controller.endpoints[0]
            return stack.enter_context(socket.create_connection(endpoint, 5))

        yield make
