"""My server: run, edit, run again; errors at their line; loops that never end; what is printed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bridge.hosting import HostingState
from app.teaching.programs.starters import STARTERS, starter
from app.ui.application import Program
from app.ui.classroom.myserver import MyServerPiece
from tests.support.starving import threads_refused
from tests.support.wait import wait_until

ECHO = "def handle(client):\n    while data := client.recv():\n        client.send(data)\n"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BUSY_S = 20.0  # a machine that has much else to do
Dial = Callable[[], socket.socket]


@pytest.fixture
def piece(show: Callable[[str], MyServerPiece]) -> MyServerPiece:
    return show("myserver")


@pytest.fixture
def run(piece: MyServerPiece, program: Program) -> Callable[[str], None]:
    """Return what writes a program and runs it by its key's command."""

    def write_and_run(text: str) -> None:
        piece.editor.replace_text(text)
        program.window.commands["run_program"].trigger()
        wait_until(lambda: piece.hosting.state is not HostingState.STARTING)

    return write_and_run


Run = Callable[[str], None]


def stopped(piece: MyServerPiece) -> None:
    piece._desk.commands["stop_program"].trigger()
    wait_until(lambda: piece.hosting.state is HostingState.IDLE)


def ask(client: socket.socket, data: bytes) -> bytes:
    client.sendall(data)
    return client.recv(100)


def test_run_edit_run(piece: MyServerPiece, run: Run, dial: Dial, program: Program) -> None:
    before = dial()
    wait_until(lambda: len(program.controller.sessions) == 1)
    run(ECHO)
    one = dial()
    assert ask(one, b"abc") == b"abc"
    assert program.window.commands["stop_program"].isEnabled()
    run(ECHO.replace("send(data)", "send(data.upper())"))
    assert one.recv(1) == b""  # a version that is replaced closes its clients
    two = dial()
    assert ask(two, b"abc") == b"ABC"
    stopped(piece)
    assert two.recv(1) == b""
    assert not program.window.commands["stop_program"].isEnabled()
    program.controller.change(reply_mode="text", reply_text="plain")
    assert ask(before, b"x") == b"plain"  # it was never the program's
    assert ask(dial(), b"x") == b"plain"


def test_the_port_is_opened_if_need_be(
    piece: MyServerPiece, run: Run, dial: Dial, program: Program
) -> None:
    program.controller.close_server()
    wait_until(lambda: not program.controller.endpoints)
    run(ECHO)
    assert ask(dial(), b"abc") == b"abc"
    assert str(program.controller.endpoints[0]) in piece.state.text()
    wait_until(lambda: "1 thread now" in piece.state.text())
    program.controller.close_server()
    wait_until(lambda: piece.hosting.state is HostingState.IDLE)


def test_what_cannot_be_loaded_stands_at_its_line_and_replaces_nothing(
    piece: MyServerPiece, run: Run, dial: Dial
) -> None:
    run(ECHO)
    client = dial()
    assert ask(client, b"abc") == b"abc"
    run("def handle(client):\n    while True\n        pass\n")
    assert set(piece.editor.faulty_lines) == {2}
    assert piece._error.text().startswith("Line 2: Python cannot read this")
    assert "goes on serving" in piece._error.text()
    assert ask(client, b"still") == b"still"
    assert piece.editor.textCursor().blockNumber() == 1


def test_an_error_stands_at_its_line_and_moves_with_it(
    piece: MyServerPiece, run: Run, dial: Dial, qtbot: QtBot
) -> None:
    run("def half(x):\n    return 1 / x\n\n\ndef handle(client):\n    client.recv()\n    half(0)\n")
    client, other = dial(), dial()
    client.sendall(b"x")
    assert client.recv(1) == b""
    wait_until(lambda: set(piece.editor.faulty_lines) == {2})
    assert "Line 2: ZeroDivisionError" in piece._error.text()
    tip = piece.editor._faults[0][1]
    assert "line 7, handle: half(0)" in tip
    assert "app" not in tip  # the student's frames only
    piece.editor.moveCursor(piece.editor.textCursor().MoveOperation.Start)
    qtbot.keyClick(piece.editor, Qt.Key.Key_Return)
    assert set(piece.editor.faulty_lines) == {3}
    other.sendall(b"x")
    assert other.recv(1) == b""  # the worker went on to serve others


def test_a_loop_that_never_ends_is_stopped_and_named(
    piece: MyServerPiece, run: Run, dial: Dial
) -> None:
    run("def handle(client):\n    client.recv()\n    while True:\n        pass\n")
    client = dial()
    client.sendall(b"x")
    wait_until(lambda: {3, 4} & piece.editor.standing.keys())  # a badge shows it before
    stopped(piece)
    assert "Does not stop in line" in piece._error.text()
    assert "was ended by force" in piece._error.text()
    assert {3, 4} & set(piece.editor.faulty_lines)
    assert client.recv(1) == b""
    run(ECHO)
    assert piece._error.text() == ""
    assert ask(dial(), b"abc") == b"abc"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_threads_of_its_own_end_with_it(piece: MyServerPiece, run: Run, dial: Dial) -> None:
    run(
        "import threading\n\n\ndef spin():\n    while True:\n        pass\n\n\n"
        "def handle(client):\n    threading.Thread(target=spin, name='spinner').start()\n"
        "    client.recv()\n"
    )
    dial()
    wait_until(lambda: any(each.name == "spinner" for each in threading.enumerate()))
    stopped(piece)
    wait_until(lambda: all(each.name != "spinner" for each in threading.enumerate()))


def test_what_is_printed_is_plain_text_with_its_thread(
    piece: MyServerPiece, run: Run, dial: Dial
) -> None:
    run("def handle(client):\n    client.recv()\n    print('<b>好</b>', client.number)\n")
    client = dial()
    client.sendall(b"x")
    wait_until(lambda: "<b>好</b> 1" in piece.output.toPlainText(), BUSY_S)
    assert piece.output.toPlainText().startswith("worker-1  ")
    run("def handle(client):\n    print('other')\n")
    wait_until(lambda: piece.output.toPlainText() == "", BUSY_S)  # nothing of the run before


def test_keys_indent_comment_and_are_undone(piece: MyServerPiece, qtbot: QtBot) -> None:
    editor = piece.editor
    editor.replace_text("")
    editor.setFocus()
    for text in ("def f(x):", "return x", ""):
        qtbot.keyClicks(editor, text)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == "def f(x):\n    return x\n\n"
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.toPlainText() == "# def f(x):\n#     return x\n\n"
    qtbot.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "    def f(x):\n        return x\n\n"
    qtbot.keyClick(editor, Qt.Key.Key_Backtab, SHIFT)
    qtbot.keyClick(editor, Qt.Key.Key_Backtab, SHIFT)
    assert editor.toPlainText() == "def f(x):\nreturn x\n\n"
    for _ in range(2):
        editor.undo()
    assert editor.toPlainText() == "    def f(x):\n        return x\n\n"
    qtbot.keyClick(editor, Qt.Key.Key_Tab, CONTROL)
    assert not editor.hasFocus()


def test_a_starter_takes_the_place_of_the_text_and_undo_brings_it_back(
    piece: MyServerPiece,
) -> None:
    piece.editor.replace_text(ECHO)
    piece.starters.activated.emit(STARTERS.index("no_close"))
    assert piece.editor.source == starter("no_close")
    piece.editor.undo()
    assert piece.editor.source == ECHO


def test_the_text_is_kept(piece: MyServerPiece, show: Callable[[str], MyServerPiece]) -> None:
    piece.editor.replace_text("# 好\n" + ECHO)
    piece.shut_down()
    assert piece._path.read_text("utf-8") == "# 好\n" + ECHO
    again = MyServerPiece(piece._desk)
    assert again.editor.source == "# 好\n" + ECHO
    piece._path.write_bytes(b"\xff\xfe")
    other = MyServerPiece(piece._desk)
    other.shut_down()
    assert piece._path.read_bytes() == b"\xff\xfe"  # what can't be read is not written over
    for made in (again, other):
        made.deleteLater()


def test_the_window_closes_while_a_program_loops(run: Run, dial: Dial, program: Program) -> None:
    run("def handle(client):\n    while True:\n        pass\n")
    dial()
    wait_until(lambda: any(each.name.startswith("worker-1") for each in threading.enumerate()))
    program.window.end()
    program.stop()
    assert not any(each.name.startswith("worker-1") for each in threading.enumerate())


def test_a_server_without_workers_is_not_said_to_be_served(
    piece: MyServerPiece, run: Run, program: Program
) -> None:
    program.controller.close_server()
    wait_until(lambda: not program.controller.endpoints)
    program.controller.change(kind="udp")
    run(ECHO)
    wait_until(lambda: "choose a TCP or TLS server" in piece._error.text())
    assert piece.hosting.state is HostingState.IDLE
    program.controller.change(kind="tcp")


def test_a_port_that_waits_for_its_certificate_is_waited_for(
    piece: MyServerPiece, run: Run, program: Program, tmp_path: Path
) -> None:
    controller = program.controller
    controller.close_server()
    wait_until(lambda: not controller.endpoints)
    controller.fleet.certificate_dir = str(tmp_path / "own")
    controller.change(kind="tls")
    seen: list[HostingState] = []
    piece.hosting.changed.connect(lambda: seen.append(piece.hosting.state))
    run(ECHO)
    wait_until(lambda: piece.hosting.state is HostingState.RUNNING)
    assert HostingState.WAITING in seen
    assert not piece._error.text()
    assert str(controller.endpoints[0]) in piece.state.text()
    stopped(piece)
    controller.change(kind="tcp")


def test_who_stops_while_the_port_is_waited_for_runs_nothing(
    piece: MyServerPiece, run: Run, program: Program, tmp_path: Path
) -> None:
    controller = program.controller
    controller.close_server()
    wait_until(lambda: not controller.endpoints)
    controller.fleet.certificate_dir = str(tmp_path / "own")
    controller.change(kind="tls")
    run(ECHO)
    assert piece.hosting.state is HostingState.WAITING
    assert "as soon as the port is open" in piece.state.text()
    stopped(piece)
    wait_until(lambda: bool(controller.endpoints))
    assert piece.hosting.state is HostingState.IDLE
    controller.change(kind="tcp")


def test_a_port_that_another_holds_is_told_and_not_waited_for(
    piece: MyServerPiece, run: Run, program: Program
) -> None:
    controller = program.controller
    controller.close_server()
    wait_until(lambda: not controller.endpoints)
    with socket.create_server(("127.0.0.1", 0)) as other:
        controller.change(port=other.getsockname()[1])
        run(ECHO)
        wait_until(lambda: "The port is not open" in piece._error.text())
        assert piece.hosting.state is HostingState.IDLE
    controller.change(port=0)


def test_without_threads_it_says_why_it_does_not_run(piece: MyServerPiece, run: Run) -> None:
    with threads_refused():
        run(ECHO)
    assert "can't start new thread" in piece._error.text()
    run(ECHO)
    wait_until(lambda: piece.hosting.state is HostingState.RUNNING)
