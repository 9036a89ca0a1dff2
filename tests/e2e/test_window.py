"""The window as a person uses it: real widgets, real sockets on loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bridge.controller import ServerState
from app.models.client_table import Column
from app.net.facts import CloseReason
from app.ui.application import Program
from app.wording import set_language
from tests.support.machine import here_s
from tests.support.wait import wait_until
from tests.support.window import end

Start = Callable[..., Program]


def dial(program: Program) -> socket.socket:
    return socket.create_connection(program.controller.endpoints[0], 5)


def table_text(program: Program, column: Column) -> list[str]:
    rows = program.window.clients.rows
    return [rows.index(at, column).data() for at in range(rows.rowCount())]


def log_text(program: Program) -> str:
    rows = program.window.log.rows
    return "\n".join(row.text for row in rows.rows(0, rows.count))


def test_the_tutorial(start: Start, qtbot: QtBot) -> None:
    """Two clients at once say Hello Neo, are shown at once, answered, and go offline."""
    program = start(reply_mode="text")
    program.window.service.open()
    assert program.controller.state is ServerState.OPEN
    with dial(program) as one, dial(program) as two:
        for client in (one, two):
            client.sendall(b"Hello Neo")
        for client in (one, two):
            assert client.recv(99).decode("gbk") == "交易正在处理"
        wait_until(lambda: table_text(program, Column.BYTES_IN) == ["9 B", "9 B"])
        assert set(table_text(program, Column.STATE)) == {"在线"}
        wait_until(lambda: log_text(program).count("Hello Neo") == 2)
        assert log_text(program).count("交易正在处理") == 2
    rows = program.window.clients.rows
    wait_until(lambda: rows.online_count == 0 and rows.offline_count == 2)
    assert [rows.client(at).reason for at in (0, 1)] == [CloseReason.FIN] * 2


def test_typed_text_reaches_the_client_in_its_encoding(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.service.open()
    composer = program.window.composer
    with dial(program) as client:
        wait_until(lambda: program.window.clients.rows.online_count == 1)
        composer.focus_editor()
        composer.editor.insertPlainText("余额：1,024")  # QTest types nothing but Latin letters
        qtbot.keyClick(composer.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert client.recv(99) == "余额：1,024".encode("gbk")


def test_a_busy_port_is_said_under_its_field(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        program = start(port=port)
        program.window.service.open()
        assert program.controller.state is ServerState.CLOSED
        assert str(port) in program.window.setup.port.error.text()


def test_the_layout_and_language_are_found_again(start: Start, qtbot: QtBot) -> None:
    first = start()
    first.window.setup.setVisible(False)
    first.controller.change(log_mode="hex", theme="dark")
    end(first)
    second = start()
    assert second.controller.settings.log_mode == "hex"
    assert second.window.commands["theme_dark"].isChecked()
    assert second.window.setup.isHidden()
    assert not second.window.commands["show_setup"].isChecked()


def test_the_language_changes_while_it_runs(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.commands["language_en"].trigger()
    wait_until(lambda: "server" in program.window.windowTitle())
    assert program.window.commands["find"].text() == "Find"
    set_language("zh_CN")


def test_an_old_journal_is_shown_read_only_and_left_again(start: Start, qtbot: QtBot) -> None:
    first = start()
    first.window.service.open()
    with dial(first) as client:
        client.sendall("旧的数据".encode("gbk"))
        wait_until(lambda: "旧的数据" in log_text(first))
    wait_until(lambda: first.window.clients.rows.offline_count == 1)
    assert first.controller.journal is not None
    path = first.controller.journal.path
    end(first)

    second = start()
    second.window.archive.enter(path)
    wait_until(lambda: second.window.archive.shown)
    wait_until(lambda: "旧的数据" in log_text(second))
    assert second.window.clients.rows.rowCount() == 1
    second.window.commands["live_journal"].trigger()
    wait_until(lambda: log_text(second) == "")


def test_a_copy_of_the_journal_is_saved_from_the_menu(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QFileDialog

    from app.journal.reader import Reader

    program = start()
    save_copy = program.window.commands["save_copy"]
    target = tmp_path / "副本.db"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    save_copy.trigger()  # there is none yet: said, nothing done
    assert not target.exists()
    program.window.service.open()
    for source in ("live", "old"):
        with dial(program) as client:
            client.sendall(b"kept")
            wait_until(lambda: "kept" in log_text(program))
        save_copy.trigger()
        wait_until(target.exists)
        with closing(Reader(target)) as copy:
            kept = [entry.data for entry in copy.entries(1, 99) if entry.kind == 0]
        assert kept == [b"kept"]
        if source == "live":
            old = target.rename(tmp_path / "old.db")
            program.window.archive.enter(old)
            wait_until(lambda: program.window.archive.shown)
            wait_until(lambda: "kept" in log_text(program))


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_old_journal_with_many_clients_is_sorted_at_once(
    start: Start, tmp_path: Path, qtbot: QtBot
) -> None:
    from time import thread_time

    from app.journal.entry import ClientRecord
    from app.journal.journal import Journal

    path = tmp_path / "many.db"
    journal = Journal(path)
    for number in range(1, 10_001):
        journal.add_client(ClientRecord(number, "10.0.0.1", number, "gbk", 1, 2, "fin"))
        journal.append(number, 0, bytes(number % 100 + 1))
    journal.close()
    program = start()
    began_s = thread_time()
    program.window.archive.enter(path)
    assert thread_time() - began_s < here_s(0.05)  # it was 0.2 s
    wait_until(lambda: program.window.archive.shown)
    began_s = thread_time()
    program.window.log.tools.clients.showPopup()
    assert thread_time() - began_s < here_s(0.1)  # it was 0.15 s
    program.window.log.tools.clients.hidePopup()
    rows = program.window.clients.rows
    wait_until(lambda: rows.client(0).bytes_in is not None)
    for column in (Column.BYTES_IN, Column.BYTES_OUT):
        began_s = thread_time()
        rows.sort(column)
        assert thread_time() - began_s < here_s(0.5)  # it was 3.6 s
    rows.sort(Column.BYTES_IN)
    assert rows.client(0).bytes_in == 1
    program.window.archive.enter(path)  # and back before all is counted
    wait_until(lambda: program.window.archive.shown)
    program.window.archive.leave()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_full_history_is_filtered_at_once(start: Start) -> None:
    from time import thread_time

    from app.text.compose import ComposeOptions
    from app.ui.composer.history import Draft

    composer = start().window.composer
    options = ComposeOptions("gbk", escapes=True)
    for number in range(200):
        composer._history.add(Draft(f"text {number}", options))
    popup = composer.history_popup
    popup.open_over(composer.bar.history)
    wait_until(popup.isVisible)
    QApplication.processEvents()
    began_s = thread_time()
    popup.filter.setText("text 1")
    assert thread_time() - began_s < here_s(0.25)  # it was 0.45 s, and grew with the square
    assert popup.list.topLevelItemCount() == 111
    popup.close()


def test_demo_clients_are_marked_and_leave(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.commands["start_demo"].trigger()
    rows = program.window.clients.rows
    wait_until(lambda: rows.online_count == 1)
    assert rows.client(0).is_demo
    program.window.commands["stop_demos"].trigger()
    wait_until(lambda: rows.offline_count == 1)


def test_no_key_has_two_meanings() -> None:
    from app.ui.actions import ACTIONS

    keys = [key for spec in ACTIONS for key in spec.keys.split("; ") if key]
    assert len(keys) == len(set(keys))
