"""Datagrams to a typed address, by the real window and a real UDP server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.ui.application import Program
from app.ui.composer import ComposerPanel
from tests.support.wait import wait_until
from tests.support.window import running

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def program(qapp: QApplication, user_home: Path) -> Iterator[Program]:
    with running(qapp, host="127.0.0.1", port=0, language="en", kind="udp") as program:
        program.window.service.open()
        yield program


@pytest.fixture
def composer(program: Program) -> ComposerPanel:
    return program.window.composer


@pytest.fixture
def stranger() -> Iterator[socket.socket]:
    """Somebody from whom nothing has come."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", 0))
        own.settimeout(10)
        yield own


def choose(composer: ComposerPanel, words: str) -> None:
    combo = composer.target.combo
    wait_until(lambda: combo.findText(words, Qt.MatchFlag.MatchStartsWith) >= 0)
    row = combo.findText(words, Qt.MatchFlag.MatchStartsWith)
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def type_address(composer: ComposerPanel, text: str) -> QLineEdit:
    choose(composer, "Address")
    line = composer.target.address.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, text)
    return line


def where(own: socket.socket) -> str:
    host, port = own.getsockname()
    return f"{host}:{port}"


def test_what_is_typed_goes_to_a_typed_address(
    composer: ComposerPanel, program: Program, stranger: socket.socket
) -> None:
    line = type_address(composer, where(stranger))
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert composer.editor.hasFocus()
    composer.editor.replace_text("hello")
    composer.send()
    assert stranger.recv(100) == b"hello"
    wait_until(lambda: composer.message.text() == "Sent to #1")
    (session,) = program.controller.sessions.values()
    assert str(session.endpoint) == where(stranger)


def test_nothing_typed_is_an_empty_datagram_and_is_said_to_be_one(
    composer: ComposerPanel, stranger: socket.socket
) -> None:
    assert not composer.send_button.isEnabled()
    type_address(composer, where(stranger))
    assert composer.message.hint.text() == "an empty datagram, 0 bytes"
    assert composer.send_button.isEnabled()
    composer.send()
    assert stranger.recv(100) == b""
    wait_until(lambda: composer.message.text() == "Sent to #1")
    choose(composer, "The 1 client")
    composer.send()
    assert stranger.recv(100) == b""
    assert not composer.history_popup._history.items


def test_addresses_are_offered_again_also_after_a_new_start(
    composer: ComposerPanel, program: Program, stranger: socket.socket
) -> None:
    type_address(composer, where(stranger))
    composer.editor.replace_text("x")
    for _ in range(2):
        composer.send()
        assert stranger.recv(100) == b"x"
    assert program.controller.settings.compose_addresses == where(stranger)
    again = ComposerPanel(None, program.controller.settings)
    assert again.target.address.itemText(0) == where(stranger)
    again.shut_down()
    again.deleteLater()


def test_a_broadcast_and_what_is_no_address_are_refused_with_a_sentence(
    composer: ComposerPanel, program: Program
) -> None:
    type_address(composer, "plc.example:9000")
    assert "This is no address" in composer.message.hint.text()
    composer.send()  # by the key: the button is off
    assert "numeric address with a port" in composer.message.text()
    type_address(composer, "127.255.255.255:9")
    composer.editor.replace_text("all of you")
    composer.send()
    assert "allow broadcast in this server's settings" in composer.message.text()
    assert composer.editor.text() == "all of you"
    assert not program.controller.sessions
    type_address(composer, "[::1]:9")
    composer.send()
    assert "All IPv4 and IPv6" in composer.message.text()


def test_a_server_of_streams_offers_no_address(composer: ComposerPanel, program: Program) -> None:
    type_address(composer, "127.0.0.1:9")
    program.controller.close_server()
    wait_until(lambda: not program.controller.endpoints)
    assert not composer.send_button.isEnabled()
    program.controller.change(kind="tcp")
    combo = composer.target.combo
    assert combo.findText("Address", Qt.MatchFlag.MatchStartsWith) < 0
    assert composer.target.address.isHidden()
    assert composer.target.clients() == ()
