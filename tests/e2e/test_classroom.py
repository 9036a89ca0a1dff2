"""Projector mode, single-threaded mode and the docks, in the whole window."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.teaching.calls import Activity
from app.ui.application import Program
from app.ui.classroom.bar import ClassroomBar
from app.ui.classroom.pieces import PIECES
from app.ui.classroom.spotlight import Spotlight
from app.ui.theme import theme
from tests.support.refs import live
from tests.support.wait import wait_until

Start = Callable[..., Program]


def dial(program: Program) -> socket.socket:
    return socket.create_connection(program.controller.endpoints[0], 5)


def classroom_bar(program: Program) -> ClassroomBar:
    return program.window.findChild(ClassroomBar)


def test_the_button_arranges_the_window_and_puts_it_back(start: Start, qtbot: QtBot) -> None:
    program = start()
    window = program.window
    button = window.menuBar().cornerWidget()
    assert isinstance(button, QToolButton)
    before = window.centralWidget().geometry()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.setup.isHidden()
    shown = {spec.name for spec in PIECES if window.commands[f"piece_{spec.name}"].isChecked()}
    assert shown == {spec.name for spec in PIECES}
    assert program.window.classroom.classroom.is_recording == bool(PIECES)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not window.setup.isHidden()
    wait_until(lambda: window.centralWidget().geometry() == before)
    assert not program.window.classroom.classroom.is_recording


def test_each_entry_of_the_menu_opens_its_piece_and_closes_it(start: Start) -> None:
    window = start().window
    for spec in PIECES:
        action = window.commands[f"piece_{spec.name}"]
        action.trigger()
        dock = next(d for d in window.classroom.room.docks if d.objectName().endswith(spec.name))
        assert dock.isVisible()
        assert action.isChecked()
        action.trigger()
        assert not dock.isVisible()
        assert not action.isChecked()


def test_projector_mode_enlarges_and_puts_back(start: Start, qtbot: QtBot) -> None:
    program = start(projector_percent=200, type_percent=110)
    window, controller = program.window, program.controller
    window.commands["projector"].trigger()
    bar = classroom_bar(program)
    assert bar.isVisible()
    assert theme().type_percent == 200
    assert controller.settings.type_percent == 110  # it lasts as long as the mode: no setting
    assert window.setup.isHidden()
    bar.type_size.setValue(12)
    assert theme().type_percent == controller.settings.projector_percent == 120
    window.commands["type_larger"].trigger()
    assert theme().type_percent == controller.settings.projector_percent == 130
    assert controller.settings.type_percent == 110
    window.commands["projector"].trigger()
    assert not bar.isVisible()
    assert theme().type_percent == 110
    assert not window.setup.isHidden()
    window.commands["projector"].trigger()
    assert theme().type_percent == 130  # remembered


def test_with_large_type_the_docks_stand_where_there_is_room(start: Start) -> None:
    program = start(projector_percent=200)  # the screen of the tests is 800 pixels high
    window = program.window
    window.commands["classroom"].trigger()
    docks = window.classroom.room.docks
    areas = [window.dockWidgetArea(dock) for dock in docks]
    assert Qt.DockWidgetArea.BottomDockWidgetArea in areas
    low = window.minimumSizeHint().height()
    window.commands["projector"].trigger()
    wait_until(
        lambda: {window.dockWidgetArea(d) for d in docks} == {Qt.DockWidgetArea.RightDockWidgetArea}
    )
    assert all(not dock.isHidden() for dock in docks)
    window.commands["projector"].trigger()
    wait_until(lambda: [window.dockWidgetArea(dock) for dock in docks] == areas)
    wait_until(lambda: window.minimumSizeHint().height() == low)


def test_the_settings_column_comes_back_when_the_last_reason_is_gone(start: Start) -> None:
    program = start()
    window = program.window
    window.commands["classroom"].trigger()
    window.commands["projector"].trigger()
    window.commands["classroom"].trigger()
    assert window.setup.isHidden()
    window.commands["projector"].trigger()
    assert not window.setup.isHidden()


def test_the_bar_switches_between_one_thread_and_many(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.commands["classroom"].trigger()
    bar = classroom_bar(program)
    one = next(b for b in bar.concurrency.findChildren(QToolButton) if b.text() == "单线程")
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
    assert program.controller.settings.single_threaded
    assert program.window.commands["single_threaded"].isChecked()
    program.window.commands["single_threaded"].trigger()
    assert bar.concurrency.value == "many"


def test_closing_the_window_in_projector_mode_keeps_the_usual_looks(start: Start) -> None:
    program = start()
    program.window.commands["projector"].trigger()
    program.window.end()
    assert program.controller.settings.type_percent == 100
    again = start()
    assert not again.window.setup.isHidden()


@pytest.mark.parametrize(("percent", "language"), [(150, "en"), (250, "zh_CN"), (250, "en")])
def test_the_largest_type_fits_a_full_hd_projector(
    start: Start, percent: int, language: str
) -> None:
    program = start(projector_percent=percent, language=language)
    program.window.commands["projector"].trigger()
    least = program.window.minimumSizeHint()
    assert least.width() <= 1920
    assert least.height() <= 1080


def test_slow_motion_lets_eyes_follow_one_step_at_a_time(start: Start, qtbot: QtBot) -> None:
    program = start(slow_motion_ms=5000)
    program.window.service.open()
    program.window.commands["projector"].trigger()
    recorder = program.window.classroom.classroom.recorder
    with dial(program) as client:
        client.sendall(b"x")
        wait_until(lambda: Activity.HELD in {lane.activity for lane in recorder.lanes()})
        sessions = program.controller.sessions
        wait_until(lambda: bool(sessions))
        assert sessions[live(program.controller, 1)].bytes_in == 0
        bar = classroom_bar(program)
        bar.slow_motion.setCurrentIndex(0)
        bar.slow_motion.activated.emit(0)
        wait_until(lambda: sessions[live(program.controller, 1)].bytes_in == 1)
    assert program.controller.settings.slow_motion_ms == 0


def test_closing_the_port_in_slow_motion_is_quick(start: Start, qtbot: QtBot) -> None:
    program = start(slow_motion_ms=5000)
    program.window.service.open()
    program.window.commands["projector"].trigger()
    with dial(program), qtbot.waitSignal(program.controller.clients_joined):
        pass
    with qtbot.waitSignal(program.controller.state_changed):
        program.controller.close_server()
    with qtbot.waitSignal(program.controller.state_changed, timeout=3000):
        pass


def test_the_spotlight_marks_the_row_that_changed(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.service.open()
    program.window.commands["projector"].trigger()
    lights = program.window.findChildren(Spotlight)
    assert len(lights) == 2
    assert not any(light.isVisible() for light in lights)
    with dial(program) as client:
        client.sendall(b"hello")
        wait_until(lambda: all(light.isVisible() for light in lights))
    for light in lights:  # it fades in steps, and is drawn no oftener
        with qtbot.waitSignal(light._steps.timeout) as one:
            pass
        assert one.signal_triggered
        assert light._steps.interval() >= 100
    classroom_bar(program).spotlight.click()
    assert not any(light.isVisible() for light in lights)


def test_single_threaded_mode_says_who_is_served_and_who_waits(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.service.open()
    program.window.commands["single_threaded"].trigger()
    status = program.window.status

    def said() -> str:
        status.refresh()
        return status.facts

    with dial(program) as first:
        wait_until(lambda: "正在服务 #1" in said())
        with dial(program) as second:
            if sys.platform == "linux":
                wait_until(lambda: "1 个在等待" in said())
            program.window.commands["single_threaded"].trigger()
            assert "正在服务 #1" in said()  # until it leaves, whatever is chosen
            program.window.commands["single_threaded"].trigger()
            second.sendall(b"me too")
            wait_until(lambda: program.window.clients.rows.online_count == 1)
            first.close()
            wait_until(lambda: program.window.clients.rows.online_count == 1)
            wait_until(lambda: "正在服务 #2" in said())
