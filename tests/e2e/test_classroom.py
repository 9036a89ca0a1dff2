"""The stage, single-threaded mode and slow motion, in the whole window."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.teaching.calls import Activity
from app.ui.application import Program
from app.ui.classroom.exhibit import OwnServer
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.classroom.source import SourcePiece
from app.ui.classroom.spotlight import Spotlight
from app.ui.classroom.timeline import TimelinePiece
from app.ui.stage.pages import PIECES
from app.ui.stage.stage import Stage
from app.ui.theme import theme
from tests.support.refs import live
from tests.support.wait import wait_until

Start = Callable[..., Program]


def dial(program: Program) -> socket.socket:
    return socket.create_connection(program.controller.endpoints[0], 5)


def stage_of(program: Program) -> Stage:
    """Enter the class."""
    program.window.classroom.enter(True)
    return program.window.classroom.stage


def looks(program: Program) -> dict[str, object]:
    """All that must be after a class as it was before."""
    window = program.window
    parts = (window.setup, window.clients, window.log, window.composer, window.log.detail_dock)
    return {
        "window": (window.geometry(), window.isFullScreen(), window.isMaximized()),
        "type": theme().type_percent,
        "parts": [
            (part.mapTo(window, QPoint()), part.size()) if part.isVisible() else None
            for part in parts
        ],
        "bars": (window.menuBar().isVisible(), window.statusBar().isVisible()),
        "selection": window.clients.table.selected_rows(),
        "focus": window.focusWidget(),
        "setup": window.commands["show_setup"].isChecked(),
    }


def rest(program: Program, qtbot: QtBot) -> dict[str, object]:
    """Return how the window looks once it rests."""
    seen = [looks(program)]

    def rests() -> bool:
        seen.append(looks(program))
        return len(seen) > 3 and seen[-1] == seen[-2] == seen[-3]

    qtbot.waitUntil(rests)
    return seen[-1]


@pytest.mark.parametrize("detail", [False, True])
@pytest.mark.parametrize("setup", [False, True])
def test_leaving_brings_the_window_back_as_it_was(
    start: Start, qtbot: QtBot, *, detail: bool, setup: bool
) -> None:
    program = start(type_percent=110)
    window = program.window
    window.service.open()
    window.resize(790, 700)
    if detail:
        window.commands["show_detail"].trigger()
    if not setup:
        window.commands["show_setup"].trigger()
    window._rows.setSizes([100, 250, 200])
    with dial(program):
        wait_until(lambda: window.clients.rows.online_count == 1)
        window.clients.table.selectRow(0)
        window.clients.table.setFocus()
        before = rest(program, qtbot)
        stage = stage_of(program)
        assert stage.isVisible()
        assert not window.menuBar().isVisible()
        for name in ("focus_composer", "show_detail", "focus_clients", "show_setup", "piece_crowd"):
            window.commands[name].trigger()
        window.commands["type_larger"].trigger()
        window.resize(700, 600)
        window.classroom.enter(False)
        assert rest(program, qtbot) == before


def test_the_button_begins_a_class_and_esc_ends_it(start: Start, qtbot: QtBot) -> None:
    program = start()
    window = program.window
    button = window.menuBar().cornerWidget()
    assert isinstance(button, QToolButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.classroom.is_on
    assert window.classroom.classroom.is_recording
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not window.classroom.is_on
    assert not window.classroom.classroom.is_recording


def test_esc_closes_what_lies_on_top_first(start: Start, qtbot: QtBot) -> None:
    program = start()
    window, stage = program.window, stage_of(program)
    window.commands["focus_composer"].trigger()
    assert window.composer.isVisible()
    window.commands["show_detail"].trigger()
    assert not stage.seen.places["timeline"].isVisible()
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert window.composer.isVisible()
    assert stage.seen.places["timeline"].isVisible()
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert not window.composer.isVisible()
    assert window.classroom.is_on
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert not window.classroom.is_on


def test_each_entry_of_the_menu_leads_to_its_page_or_piece(start: Start) -> None:
    window = start().window
    window.activateWindow()
    for spec in PIECES:
        window.commands[f"piece_{spec.name}"].trigger()
        piece = window.classroom.stage.piece(spec.name)
        assert piece is not None
        assert piece.isVisible()
        focus = window.focusWidget()
        assert isinstance(focus, QWidget)
        assert focus is piece or piece.isAncestorOf(focus), spec.name


def test_the_piece_below_is_remembered_for_each_experiment(start: Start, qtbot: QtBot) -> None:
    program = start()
    stage = stage_of(program)
    page = stage.piece("experiments")
    assert isinstance(page, ExperimentsPiece)
    assert stage.seen.below == "source"
    qtbot.mouseClick(stage.seen.tabs.button("calls"), Qt.MouseButton.LeftButton)
    page.choose("goodbyes")
    qtbot.mouseClick(stage.seen.tabs.button("log"), Qt.MouseButton.LeftButton)
    assert program.window.log.isVisible()
    page.choose("first-words")
    assert stage.seen.below == "calls"
    program.window.end()
    program.stop()  # writes the settings
    again = stage_of(start())
    assert again.seen.below == "calls"
    page = again.piece("experiments")
    assert isinstance(page, ExperimentsPiece)
    page.choose("goodbyes")
    assert again.seen.below == "log"
    page.choose("mojibake")
    assert again.seen.below == "source"


@pytest.mark.parametrize("name", ["timeline", "source", "log"])
def test_a_piece_can_be_torn_off_and_comes_back(start: Start, qtbot: QtBot, name: str) -> None:
    program = start()
    stage = stage_of(program)
    stage.reveal(name)
    piece = stage.piece(name)
    assert isinstance(piece, QWidget)
    stage.seen.tear(name)
    away = piece.window()
    assert away is not program.window
    assert away.windowTitle()
    assert program.window.commands["run_experiment"] in away.actions()  # its keys count there
    away.close()
    assert piece.window() is program.window
    stage.seen.tear(name)
    piece.window().resize(444, 333)
    program.window.classroom.enter(False)  # and again in the next class
    assert piece.window() is program.window
    program.window.classroom.enter(True)
    wait_until(lambda: piece.window().size() == QSize(444, 333))
    assert piece.isVisible()


def test_the_type_size_of_the_class_is_its_own(start: Start) -> None:
    program = start(projector_percent=200, type_percent=110)
    window, controller = program.window, program.controller
    stage_of(program)
    assert theme().type_percent == 200
    window.commands["type_larger"].trigger()
    assert theme().type_percent == controller.settings.projector_percent == 210
    assert controller.settings.type_percent == 110
    window.classroom.enter(False)
    assert theme().type_percent == 110
    window.classroom.enter(True)
    assert theme().type_percent == 210  # remembered


def test_the_foot_switches_between_one_thread_and_many(start: Start, qtbot: QtBot) -> None:
    program = start()
    foot = stage_of(program).foot
    qtbot.mouseClick(foot.concurrency.button("one"), Qt.MouseButton.LeftButton)
    assert program.controller.settings.server.single_threaded
    assert program.window.commands["single_threaded"].isChecked()
    program.window.commands["single_threaded"].trigger()
    assert foot.concurrency.value == "many"


def test_the_title_says_whose_server_it_is_and_leads_back(start: Start, qtbot: QtBot) -> None:
    program = start()
    stage, desk = stage_of(program), program.window.classroom.desk
    assert stage.seen.title.text == "你的服务器未打开"
    program.window.service.open()
    with dial(program):
        wait_until(lambda: "1" in stage.seen.title.text.rpartition("·")[2])
    assert str(program.controller.endpoints[0]) in stage.seen.title.text

    class Other(OwnServer):
        is_own = False

        def title(self) -> str:
            return "another"

    desk.show_exhibit(Other(program.controller, desk.classroom))
    assert stage.seen.title.text.startswith("another")
    back = next(b for b in stage.seen.title.findChildren(QPushButton))
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert desk.exhibit.is_own
    assert stage.seen.title.text.startswith("你的服务器")


def test_closing_the_window_in_class_keeps_the_usual_looks(start: Start) -> None:
    program = start()
    stage_of(program)
    program.window.end()
    assert program.controller.settings.type_percent == 100
    again = start()
    assert not again.window.setup.isHidden()
    assert not again.window.classroom.is_on


def test_slow_motion_lets_eyes_follow_one_step_at_a_time(start: Start, qtbot: QtBot) -> None:
    program = start(slow_motion_ms=5000)
    program.window.service.open()
    program.window.classroom.enter(True)
    recorder = program.window.classroom.classroom.recorder
    with dial(program) as client:
        client.sendall(b"x")
        wait_until(lambda: Activity.HELD in {lane.activity for lane in recorder.lanes()})
        sessions = program.controller.sessions
        wait_until(lambda: bool(sessions))
        assert sessions[live(program.controller, 1)].bytes_in == 0
        top = program.window.classroom.stage.top
        top.slow_motion.setCurrentIndex(0)
        top.slow_motion.activated.emit(0)
        wait_until(lambda: sessions[live(program.controller, 1)].bytes_in == 1)
    assert program.controller.settings.slow_motion_ms == 0


def test_closing_the_port_in_slow_motion_is_quick(start: Start, qtbot: QtBot) -> None:
    program = start(slow_motion_ms=5000)
    program.window.service.open()
    program.window.classroom.enter(True)
    with dial(program), qtbot.waitSignal(program.controller.clients_joined):
        pass
    with qtbot.waitSignal(program.controller.state_changed):
        program.controller.close_server()
    with qtbot.waitSignal(program.controller.state_changed, timeout=3000):
        pass


def test_the_spotlight_marks_the_row_that_changed(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.service.open()
    program.window.classroom.enter(True)
    lights = program.window.findChildren(Spotlight)
    assert len(lights) == 2
    assert not any(light.isVisible() for light in lights)
    program.window.commands["focus_log"].trigger()
    with dial(program) as client:
        client.sendall(b"hello")
        wait_until(lambda: any(light.isVisible() for light in lights))
        program.window.commands["focus_clients"].trigger()
        client.sendall(b"hello")
        wait_until(lambda: any(light.isVisible() for light in lights))
    for light in lights:  # it fades in steps, and is drawn no oftener
        with qtbot.waitSignal(light._steps.timeout) as one:
            pass
        assert one.signal_triggered
        assert light._steps.interval() >= 100
    stage_of(program).top.spotlight.click()
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


@pytest.mark.parametrize(
    ("width", "height", "percent"),
    [(1280, 720, 150), (1440, 900, 150), (1366, 768, 125), (1920, 1080, 200), (1920, 1080, 250)],
)
def test_the_stage_fits(start: Start, qtbot: QtBot, width: int, height: int, percent: int) -> None:
    """As high and wide as a full screen of that size, whatever is shown."""
    program = start(projector_percent=percent)
    stage = stage_of(program)
    program.window.service.open()
    least = program.window.minimumSizeHint()
    assert least.width() <= width
    assert least.height() <= height
    stage.setFixedSize(width, height)
    for name in (*(spec.name for spec in PIECES), "log", "clients", "composer", "setup"):
        stage.reveal(name)
        qtbot.waitUntil(lambda: stage.height() == height)
        needed = stage.layout().minimumSize()
        assert needed.width() <= width, name
        assert needed.height() <= height, name
    if percent == 150:
        stage.reveal("source")
        program.window.service.start_demo()
        lanes, code = stage.piece("timeline"), stage.piece("source")
        assert isinstance(lanes, TimelinePiece)
        assert isinstance(code, SourcePiece)
        wait_until(lambda: not code._next.isVisible())
        QApplication.processEvents()
        view = lanes.view
        assert (view.viewport().height() - view._painter.axis) // view._painter.lane >= 6
        line = code.view.fontMetrics().lineSpacing()
        assert code.view.viewport().height() // line >= 8
