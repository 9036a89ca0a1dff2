"""The list of servers in the window: nothing of it with one, all of it with two."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from app.bridge.state import ServerState
from app.models.client_columns import Column
from app.net.certificate import own_certificate
from app.paths import find_places
from app.settings import value_of
from app.ui.application import Program
from tests.support.wait import wait_until
from tests.support.window import running

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def program(qapp: QApplication, user_home: Path) -> Iterator[Program]:
    with running(qapp, host="127.0.0.1", port=0, language="en") as program:
        yield program


def titles(program: Program) -> list[str]:
    rows = program.window.setup.servers.rows
    found = [rows.topLevelItem(row) for row in range(rows.topLevelItemCount())]
    return [item.text(0) for item in found if item is not None]


def dial(program: Program, server_id: int) -> socket.socket:
    return socket.create_connection(program.controller.fleet.posts[server_id].endpoints[0], 5)


def add(program: Program) -> None:
    """One more, on any free port."""
    program.window.commands["add_server"].trigger()
    program.controller.change(port=0)


def test_one_server_is_as_simple_as_ever(program: Program) -> None:
    setup = program.window.setup
    assert setup.servers.isHidden()
    assert setup.server_name.isHidden()
    assert setup.add.isVisible()
    assert not program.window.clients.table.columns.is_shown(Column.SERVER)


def test_a_second_is_added_by_the_mouse_and_has_settings_of_its_own(program: Program) -> None:
    setup, controller = program.window.setup, program.controller
    controller.change(encoding="big5", reply_mode="echo", port=8080)
    QTest.mouseClick(setup.add, Qt.MouseButton.LeftButton)
    assert setup.servers.isVisible()
    assert setup.add.isHidden()
    assert titles(program) == ["TCP 8080", "TCP 8081"]
    assert [p.port for p in controller.settings.servers] == [8080, 8081]
    assert setup.port.editor.property("text") == "8081"
    assert not setup.reply.check.isChecked()
    setup.reply.check.click()
    program.window.commands["previous_server"].trigger()
    assert setup.port.editor.property("text") == "8080"
    assert setup.reply.kind.currentData() == "echo"
    assert [p.reply_mode for p in controller.settings.servers] == ["echo", "text"]
    assert program.window.clients.table.columns.is_shown(Column.SERVER)


def test_what_does_not_fit_is_not_left_behind(program: Program) -> None:
    setup, controller = program.window.setup, program.controller
    add(program)
    port = setup.port.editor
    port.setProperty("text", "many")
    rows = setup.servers.rows
    rows.setCurrentItem(rows.topLevelItem(0))
    assert controller.settings.server.server_id == 2
    assert rows.currentItem() is rows.topLevelItem(1)
    assert setup.port.error.isVisible()


def test_a_name_stands_in_list_table_and_events(program: Program) -> None:
    setup, controller = program.window.setup, program.controller
    add(program)
    controller.change(name="车 <b>载")
    assert titles(program)[1] == "TCP 车 <b>载"
    program.window.commands["open_all"].trigger()
    port = controller.endpoints[0].port
    with dial(program, 2):
        wait_until(lambda: program.window.clients.rows.rowCount() == 1)
        index = program.window.clients.rows.index(0, Column.SERVER)
        assert index.data() == f"TCP {port} 车 <b>载"
        assert titles(program)[1] == f"TCP {port} 车 <b>载"
    assert setup.servers.isVisible()


def test_all_are_opened_and_one_is_closed(program: Program) -> None:
    add(program)
    window, fleet = program.window, program.controller.fleet
    window.commands["open_all"].trigger()
    assert [post.state for post in fleet.posts.values()] == [ServerState.OPEN] * 2
    assert window.status.facts.startswith("2 of 2 servers open")
    window.setup.button.click()
    wait_until(lambda: fleet.posts[2].state is ServerState.CLOSED)
    assert fleet.posts[1].state is ServerState.OPEN
    with dial(program, 1) as client:
        wait_until(lambda: len(window.service.online) == 1)
        window.composer.editor.setPlainText("good day")
        wait_until(lambda: window.composer.send_button.isEnabled())
        window.composer.send_button.click()
        assert client.recv(99) == b"good day"


def test_a_removed_server_comes_back_by_a_button(program: Program, qtbot: QtBot) -> None:
    add(program)
    window, controller = program.window, program.controller
    controller.change(name="mine", encoding="utf-8")
    kept = controller.settings.servers
    window.commands["remove_server"].trigger()
    assert window.setup.servers.isHidden()
    assert len(controller.settings.servers) == 1
    undo = next(b for b in window.setup.findChildren(QPushButton) if b.text() == "Undo")
    undo.click()
    assert controller.settings.servers == kept
    assert controller.settings.server.name == "mine"
    window.commands["remove_server"].trigger()
    window.commands["add_server"].trigger()
    assert (
        controller.settings.server.server_id == 3
    )  # its rows in the journal are not the new one's


def test_a_server_with_clients_is_removed_only_if_that_is_meant(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(program)
    window, controller = program.window, program.controller
    window.commands["open_all"].trigger()
    with dial(program, 2) as client:
        wait_until(lambda: len(window.service.online) == 1)
        answers = [False, True]
        monkeypatch.setattr("app.ui.dialogs.confirm", lambda *_: answers.pop(0))
        window.commands["remove_server"].trigger()
        assert len(controller.settings.servers) == 2
        window.commands["remove_server"].trigger()
        assert client.recv(9) == b""
    wait_until(lambda: len(controller.fleet.servers) == 1)


def test_a_busy_port_is_told_where_its_server_is(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        program.window.commands["add_server"].trigger()
        program.controller.change(port=taken.getsockname()[1])
        program.window.commands["previous_server"].trigger()
        program.window.commands["open_all"].trigger()
        setup = program.window.setup
        assert program.controller.state is ServerState.OPEN
        assert not setup.port.error.isVisible()
        program.window.commands["next_server"].trigger()
        assert setup.port.error.isVisible()
        rows = setup.servers.rows
        failed = rows.topLevelItem(1)
        assert failed is not None
        assert "another program" in failed.toolTip(1)


def test_those_that_were_open_are_opened_again(program: Program) -> None:
    add(program)
    window, controller = program.window, program.controller
    window.commands["toggle_server"].trigger()
    assert [p.was_open for p in controller.settings.servers] == [False, True]
    controller.fleet.close(2)
    wait_until(lambda: controller.state is ServerState.CLOSED)
    assert not any(p.was_open for p in controller.settings.servers)
    servers = controller.settings.servers
    controller.change(servers=tuple(replace(p, was_open=True) for p in servers))
    window.servers.reopen()
    assert controller.fleet.is_idle  # it is not wanted
    controller.change(reopen_servers=True)
    window.servers.reopen()
    assert [post.state for post in controller.fleet.posts.values()] == [ServerState.OPEN] * 2


def test_the_composer_sends_to_the_clients_of_one_server(program: Program) -> None:
    picker = program.window.composer.target
    entries = picker.combo.count()
    add(program)
    assert picker.combo.count() == entries + 2
    program.window.commands["open_all"].trigger()
    with dial(program, 1) as one, dial(program, 2) as two:
        wait_until(lambda: len(program.window.service.online) == 2)
        port = two.getpeername()[1]
        picker.combo.setCurrentText(f"All of TCP {port}")
        picker.combo.activated.emit(picker.combo.currentIndex())
        program.window.composer.editor.setPlainText("you alone")
        wait_until(lambda: program.window.composer.send_button.isEnabled())
        program.window.composer.send_button.click()
        assert two.recv(99) == b"you alone"
        one.setblocking(False)
        with pytest.raises(BlockingIOError):
            one.recv(99)
        two.close()
        wait_until(lambda: len(program.window.service.online) == 1)
        wait_until(lambda: not program.window.composer.send_button.isEnabled())


def test_the_column_stays_while_clients_of_a_removed_server_are_there(program: Program) -> None:
    add(program)
    window = program.window
    window.commands["open_all"].trigger()
    with dial(program, 2):
        wait_until(lambda: window.clients.rows.rowCount() == 1)
    wait_until(lambda: not window.service.online)
    window.commands["remove_server"].trigger()
    assert window.clients.table.columns.is_shown(Column.SERVER)


def test_the_log_shows_one_servers_clients_those_to_come_too(program: Program) -> None:
    add(program)
    window = program.window
    window.commands["open_all"].trigger()
    chooser = window.log.tools.clients
    with dial(program, 1) as one, dial(program, 2) as two:
        one.sendall(b"of the first")
        two.sendall(b"of the second")
        wait_until(lambda: len(window.service.online) == 2)
        wait_until(lambda: window.log.rows.count >= 6)
        chooser.showPopup()
        port = two.getpeername()[1]
        row = chooser.findText(f"Port {port}: all clients")
        chooser.hidePopup()
        chooser.activated.emit(row)
        assert chooser.currentText() == f"Port {port}: all clients"
        number = {s.server_id: s.client_id for s in program.controller.sessions.values()}
        assert chooser.clients == frozenset({number[2]})
        with dial(program, 2), dial(program, 1):
            wait_until(lambda: len(window.service.online) == 4)
            mine = {s.client_id for s in program.controller.sessions.values() if s.server_id == 2}
            wait_until(lambda: chooser.clients == mine)  # at the next tick


def choose(program: Program, kind: str) -> None:
    """Pick a protocol, as the mouse does."""
    box = program.window.setup.kind.editor
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(kind))
    box.activated.emit(box.currentIndex())


def shown_fields(program: Program) -> set[str]:
    setup = program.window.setup
    fields = (*setup.kind_fields.fields, *setup.advanced)
    return {field.name for field in fields if field.isVisible()}


def test_a_forward_says_at_its_target_what_is_wrong_there(program: Program) -> None:
    setup, controller = program.window.setup, program.controller
    choose(program, "forward")
    target = next(field for field in setup.kind_fields.fields if field.name == "target")
    setup.button.click()
    assert "there is no target" in target.error.text()
    assert not setup.port.error.isVisible()
    target.editor.setFocus()
    QTest.keyClicks(target.editor, "127.0.0.1:9")
    assert not target.error.isVisible()
    setup.button.click()
    assert controller.state is ServerState.OPEN
    assert controller.settings.server.target == "127.0.0.1:9"


@pytest.mark.parametrize(
    ("name", "value", "field_name"),
    [
        ("cert_file", "/nowhere/cert.pem", "cert_file"),
        ("key_file", "/nowhere/key.pem", "key_file"),
        ("keylog_file", "/nowhere/keys.log", "keylog_file"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_of_under_its_field(
    program: Program, tmp_path: Path, name: str, value: str, field_name: str
) -> None:
    own = own_certificate(tmp_path).paths[0]
    setup = program.window.setup
    program.controller.change(**{"kind": "tls", "cert_file": str(own), name: value})
    setup.show_settings(program.controller.settings)
    for field in setup.kind_fields.fields:
        field.show_value(value_of(program.controller.settings, field.name))
    setup.button.click()
    said = {field.name for field in setup.kind_fields.fields if field.error.isVisible()}
    assert said == {field_name}


def test_a_list_of_protocols_is_taken_or_told_what_is_wrong_with_it(program: Program) -> None:
    choose(program, "tls")
    alpn = next(f for f in program.window.setup.kind_fields.fields if f.name == "alpn")
    assert isinstance(alpn.editor, QLineEdit)
    alpn.editor.setFocus()
    QTest.keyClicks(alpn.editor, "h2, http/1.1\r")
    assert program.controller.settings.server.alpn == "h2, http/1.1"
    alpn.editor.setText("超文本")
    QTest.keyClick(alpn.editor, Qt.Key.Key_Return)
    assert "in ASCII" in alpn.error.text()
    assert program.controller.settings.server.alpn == "h2, http/1.1"


def test_each_kind_shows_the_fields_that_it_has_a_use_for(program: Program) -> None:
    setup = program.window.setup
    setup.more.setChecked(True)
    assert "proxy_protocol" in shown_fields(program)
    choose(program, "udp")
    assert not shown_fields(program) & {"proxy_protocol", "accepts_tls", "cert_file", "target"}
    choose(program, "forward")
    assert "cert_file" not in shown_fields(program)
    switch = next(field for field in setup.kind_fields.fields if field.name == "accepts_tls")
    assert isinstance(switch.editor, QCheckBox)
    switch.editor.click()
    assert program.controller.settings.server.accepts_tls
    assert {"cert_file", "key_file", "target", "proxy_protocol"} <= shown_fields(program)


def test_f2_in_the_list_goes_to_the_name(program: Program) -> None:
    add(program)
    setup = program.window.setup
    program.controller.change(name="old")
    setup.servers.rows.setFocus()
    QTest.keyClick(setup.servers.rows, Qt.Key.Key_F2)
    assert program.window.focusWidget() is setup.server_name.editor
    QTest.keyClicks(setup.server_name.editor, "new\r")
    assert titles(program)[1] == "TCP new"


def test_the_certificate_is_saved_and_copied_while_the_port_is_open(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, controller = program.window, program.controller
    save, copy = window.commands["save_certificate"], window.commands["copy_certificate"]
    assert not save.isEnabled()
    assert save.toolTip() == "Only an open server that speaks TLS has a certificate"
    choose(program, "tls")
    window.setup.button.click()
    wait_until(lambda: controller.state is ServerState.OPEN)
    wait_until(save.isEnabled)
    path = tmp_path / "server.crt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    save.trigger()
    assert path.read_text().count("-----BEGIN CERTIFICATE-----") == 2
    assert "PRIVATE" not in path.read_text()
    copy.trigger()
    assert QApplication.clipboard().text().startswith("static const char")
    assert (find_places().config_dir / "tls-rsa.pem").exists()


def test_what_a_kind_cannot_do_is_not_offered(program: Program) -> None:
    window = program.window
    for kind, answers, chooses_threads in (
        ("tcp", True, True), ("tls", True, True), ("udp", True, False), ("forward", False, False),
    ):  # fmt: skip
        choose(program, kind)
        assert window.setup.reply.isVisible() is answers, kind
        wait_until(
            lambda wanted=chooses_threads: window.commands["single_threaded"].isEnabled() is wanted
        )
