"""Demo clients are started by the dozen, marked, and stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.teaching.habits import Habit
from app.ui.application import Program
from app.ui.classroom.crowd import CrowdPiece
from tests.support.wait import wait_until


@pytest.fixture
def piece(show: Callable[[str], CrowdPiece]) -> CrowdPiece:
    return show("crowd")


def test_ten_at_a_click_and_none_at_another(
    piece: CrowdPiece, program: Program, qtbot: QtBot
) -> None:
    row = piece.rows[Habit.TYPIST]
    qtbot.mouseClick(row.buttons[10], Qt.MouseButton.LeftButton)
    assert row.count_text == "10 online"
    clients = program.window.clients.rows
    wait_until(lambda: clients.online_count == 10)  # their notes are in the language of then
    program.controller.change(language="zh_CN")
    wait_until(lambda: row.count_text == "10 个在线")
    program.controller.change(language="en")
    sessions = list(program.controller.sessions.values())
    assert all(session.is_demo for session in sessions)
    assert {session.note for session in sessions} == {"Demo client: Slow typist"}
    qtbot.mouseClick(piece.rows[Habit.SILENT].buttons[1], Qt.MouseButton.LeftButton)
    wait_until(lambda: clients.online_count == 11)
    qtbot.mouseClick(row._stop, Qt.MouseButton.LeftButton)
    wait_until(lambda: clients.online_count == 1 and row.count_text == "")
    (stop_all,) = piece.findChildren(QPushButton)
    qtbot.mouseClick(stop_all, Qt.MouseButton.LeftButton)
    wait_until(lambda: clients.online_count == 0 and not stop_all.isEnabled())


def test_the_port_is_opened_for_them_and_closing_it_ends_them(
    piece: CrowdPiece, program: Program, qtbot: QtBot
) -> None:
    program.controller.close_server()
    wait_until(lambda: program.controller.server is None)
    qtbot.mouseClick(piece.rows[Habit.TALKATIVE].buttons[1], Qt.MouseButton.LeftButton)
    wait_until(lambda: program.window.clients.rows.online_count == 1)
    program.controller.close_server()
    wait_until(lambda: piece.rows[Habit.TALKATIVE].count_text == "")
