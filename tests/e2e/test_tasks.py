"""Tasks as a person uses them: started from composer and commands, paused, stopped, removed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.task_list import Column, TaskList
from app.net.tasks.facts import TaskEnd, TaskState
from app.text.compose import ComposeOptions
from app.ui.application import Program
from app.ui.composer.history import Draft
from app.ui.prepared.command import Command, CommandFault, read_commands, write_commands
from app.ui.tasks.forms import FileForm, RepeatForm, SequenceForm, TaskForm
from app.wording import tr
from tests.support.wait import wait_until

Start = Callable[..., Program]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def in_form(act: Callable[[TaskForm], object]) -> None:
    """Do this in the dialog that opens next, and start."""

    def there() -> None:
        form = QApplication.activeModalWidget()
        assert isinstance(form, TaskForm)
        act(form)
        form.go.click()
        if form.isVisible():
            form.reject()

    QTimer.singleShot(0, there)


@pytest.fixture
def running(start: Start) -> Iterator[tuple[Program, socket.socket]]:
    program = start()
    program.window.service.open()
    with closing(socket.create_connection(program.controller.endpoints[0], 20)) as client:
        wait_until(lambda: program.window.clients.rows.online_count == 1)
        yield program, client


def receive(client: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += client.recv(size - len(found))
    return found


def tasks(program: Program) -> TaskList:
    return program.window.sending.tasks.list


def cell(program: Program, column: Column, row: int = 0) -> str:
    return str(tasks(program).index(row, column).data())


def repeat(program: Program, text: str, every_ms: int = 10, times: int = 0) -> None:
    program.window.composer.recall(Draft(text, ComposeOptions("")))

    def act(form: TaskForm) -> None:
        assert isinstance(form, RepeatForm)
        form.fields["repeat_ms"].setValue(every_ms)
        form.fields["repeat_times"].setValue(times)

    in_form(act)
    program.window.commands["repeat_message"].trigger()


def test_a_message_is_repeated_paused_and_goes_on(running: tuple[Program, socket.socket]) -> None:
    program, client = running
    repeat(program, "心跳")
    assert receive(client, 8) == "心跳心跳".encode("gbk")
    desk = program.window.sending.tasks
    assert desk.dock.isVisible()
    assert program.window.commands["show_tasks"].isChecked()
    assert (cell(program, Column.NAME), cell(program, Column.TARGET)) == ("心跳", tr("tasks.all"))
    wait_until(lambda: int(cell(program, Column.SENT).replace(",", "")) > 2)
    view, (task,) = desk.panel.view, desk.list.tasks
    program.window.activateWindow()
    view.setFocus()
    wait_until(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert task.state is TaskState.PAUSED
    assert cell(program, Column.STATE) == tr("tasks.state_paused")
    QTest.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert task.state is TaskState.RUNNING
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert task.end is TaskEnd.STOPPED
    assert tr("tasks.end_stopped") in cell(program, Column.STATE)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert desk.list.rowCount() == 0
    assert (program.controller.settings.repeat_ms, program.controller.settings.repeat_times) == (
        10,
        0,
    )


def test_closing_the_port_is_said_in_the_list(running: tuple[Program, socket.socket]) -> None:
    program, client = running
    repeat(program, "beat")
    receive(client, 4)
    (task,) = tasks(program).tasks
    program.controller.close_server()
    wait_until(lambda: task.end is not None)
    assert task.end is TaskEnd.PORT_CLOSED
    assert cell(program, Column.STATE) == tr("tasks.state_ended", why=tr("tasks.end_port_closed"))


def test_nothing_typed_or_nobody_there_is_said_and_nothing_asked(start: Start) -> None:
    program = start()
    message = program.window.composer.message
    program.window.commands["repeat_message"].trigger()
    assert message.text()
    program.window.service.open()
    program.window.commands["send_file"].trigger()
    assert message.text()
    assert tasks(program).rowCount() == 0
    assert program.window.sending.tasks.dock.isHidden()


def test_a_file_is_sent_once_it_is_named(
    running: tuple[Program, socket.socket], tmp_path: Path
) -> None:
    program, client = running
    path = tmp_path / "firmware.bin"
    path.write_bytes(bytes(range(256)) * 400)

    def act(form: TaskForm) -> None:
        assert isinstance(form, FileForm)
        form.path.setText(str(tmp_path))
        form.go.click()
        assert form.isVisible()
        assert form.error.text()
        form.path.setText(str(path))
        form.boxes["file_keeps"].setChecked(False)

    in_form(act)
    program.window.commands["send_file"].trigger()
    assert receive(client, 102_400) == path.read_bytes()
    wait_until(lambda: "100 %" in cell(program, Column.PROGRESS))
    wait_until(lambda: tasks(program).tasks[0].end is TaskEnd.DONE)
    assert cell(program, Column.NAME) == "firmware.bin"
    assert program.controller.settings.file_keeps is False


def test_commands_run_in_order_and_wait_for_their_answers(
    running: tuple[Program, socket.socket],
) -> None:
    program, client = running
    ask = Command("ask", Draft("AT", ComposeOptions("")), answer="4F ??", answer_mode="hex")
    go = Command("go", Draft("GO", ComposeOptions("")))
    prepared = program.window.prepared
    prepared.table.load((ask, go))

    def act(form: TaskForm) -> None:
        assert isinstance(form, SequenceForm)
        form.fields["sequence_patience_ms"].setValue(60_000)
        form.fields["sequence_pause_ms"].setValue(0)

    in_form(act)
    prepared.panel.act("run")
    assert receive(client, 2) == b"AT"
    wait_until(lambda: cell(program, Column.STATE) == tr("tasks.state_waits_for_answer"))
    client.sendall(b"OK")
    assert receive(client, 2) == b"GO"
    wait_until(lambda: tasks(program).tasks[0].end is TaskEnd.DONE)


def test_what_a_command_waits_for_is_kept_and_checked() -> None:
    ask = Command("ask", Draft("AT", ComposeOptions("")), answer="4F ??", answer_mode="hex")
    assert read_commands(write_commands((ask,))) == (ask,)
    bad = write_commands(
        (Command("a", Draft("A", ComposeOptions("")), answer="x", answer_mode="hex"),)
    )
    with pytest.raises(CommandFault):
        read_commands(bad)


def test_what_has_ended_is_removed_and_what_runs_stays(
    running: tuple[Program, socket.socket],
) -> None:
    program, client = running
    repeat(program, "once", times=1)
    repeat(program, "on")
    wait_until(lambda: tasks(program).tasks[0].end is TaskEnd.DONE)
    program.window.sending.tasks.panel.act("remove_ended")
    assert [task.name for task in tasks(program).tasks] == ["on"]
    assert tasks(program).tasks[0].end is None
    client.close()
    wait_until(lambda: tasks(program).tasks[0].state is TaskState.WAITS_FOR_CLIENTS)
