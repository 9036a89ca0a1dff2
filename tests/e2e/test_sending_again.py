"""A row of the log once more: sent as it was, or changed; real menu, real sockets on loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu

from app.journal.refs import ClientRef, JournalKey
from app.text.compose import compose
from app.ui.application import Program
from app.ui.composer.target import Obstacle
from app.ui.log.menu import make_menu
from app.ui.sending import draft_of
from app.wording import tr
from tests.support.wait import wait_until

Start = Callable[..., Program]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def menu_of(program: Program, text: str) -> QMenu:
    """Return the menu of the row with this text."""
    log = program.window.log
    log.view.viewport().repaint()
    found = [row.id for row in log.rows.rows(0, log.rows.count) if row.text == text]
    log.view.show_entry(found[-1])
    return make_menu(log, program.window.commands)


def choose(menu: QMenu, key: str) -> None:
    action = next(action for action in menu.actions() if action.text() == tr(key))
    assert action.isEnabled(), action.toolTip()
    action.trigger()
    menu.deleteLater()


def seen(program: Program, text: str) -> bool:
    rows = program.window.log.rows
    return any(row.text == text for row in rows.rows(0, rows.count))


def is_offered(menu: QMenu, key: str) -> bool:
    return next(action for action in menu.actions() if action.text() == tr(key)).isEnabled()


def test_a_sent_row_goes_again_to_its_client_alone(start: Start) -> None:
    program = start()
    window = program.window
    window.service.open()
    where = program.controller.endpoints[0]
    with closing(socket.create_connection(where, 5)) as one:
        wait_until(lambda: len(program.controller.sessions) == 1)
        window.composer.editor.replace_text("查询")
        window.composer.send()
        assert one.recv(99) == "查询".encode("gbk")
        with closing(socket.create_connection(where, 5)) as two:
            wait_until(lambda: len(program.controller.sessions) == 2 and seen(program, "查询"))
            choose(menu_of(program, "查询"), "log.menu_send_again")
            assert one.recv(99) == "查询".encode("gbk")
            one.sendall(b"\x01\xffping\r\n")
            wait_until(lambda: any("ping" in row.text for row in rows(program)))
            received = next(row.text for row in rows(program) if "ping" in row.text)
            menu = menu_of(program, received)
            assert not is_offered(menu, "log.menu_send_again")
            choose(menu, "log.menu_edit_and_send")
            window.composer.send()
            assert one.recv(99) == b"\x01\xffping\r\n"
            assert window.composer.target.one == program_client(program, 1)
            two.setblocking(False)
            with pytest.raises(BlockingIOError):
                two.recv(1)


def rows(program: Program) -> list:  # type: ignore[type-arg]
    return program.window.log.rows.rows(0, program.window.log.rows.count)


def program_client(program: Program, number: int) -> ClientRef:
    assert program.controller.journal is not None
    return ClientRef(program.controller.journal.key, number)


def test_whoever_is_gone_gets_nothing_and_it_is_said(start: Start) -> None:
    program = start()
    program.window.service.open()
    with closing(socket.create_connection(program.controller.endpoints[0], 5)) as client:
        wait_until(lambda: len(program.controller.sessions) == 1)
        program.window.composer.editor.replace_text("hello")
        program.window.composer.send()
        assert client.recv(99) == b"hello"
        wait_until(lambda: seen(program, "hello"))
    wait_until(lambda: program.window.clients.rows.online_count == 0)
    choose(menu_of(program, "hello"), "log.menu_send_again")
    banner = program.window.notices._made["warning"]
    assert "#1" in banner.text
    # One of another journal, with the number of one who is here.
    stranger = ClientRef(JournalKey(Path("old.db")), 1)
    with closing(socket.create_connection(program.controller.endpoints[0], 5)):
        wait_until(lambda: program.window.clients.rows.online_count == 1)
        assert program.controller.orders.send_again(b"x", stranger) is None
        program.window.sending.edit(stranger, b"old", "gbk")
        assert program.window.composer.editor.text() == "old"
        assert program.window.composer.target.obstacle() is not Obstacle.ONE_OFFLINE


def test_what_is_too_long_to_edit_is_said(start: Start) -> None:
    program = start()
    program.window.composer.editor.replace_text("mine")
    stranger = ClientRef(JournalKey(Path("old.db")), 1)
    program.window.sending.edit(stranger, bytes(400_000), "gbk")
    assert program.window.composer.editor.text() == "mine"
    assert "390" in program.window.notices._made["warning"].text


@pytest.mark.parametrize(
    ("data", "mode", "escapes"),
    [
        ("查询 1".encode("gbk"), "text", False),
        (b"line\r\n", "text", True),
        (b"a\\r", "text", False),
        (b"\x00\xff\xfe", "text", True),
    ],
)
def test_bytes_come_back_as_they_were(data: bytes, mode: str, escapes: bool) -> None:
    draft = draft_of(data, "gbk")
    assert (draft.options.mode, draft.options.escapes) == (mode, escapes)
    assert compose(draft.text, draft.options) == data
