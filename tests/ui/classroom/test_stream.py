"""The byte stream shows a client's bytes, the calls that brought them, and the characters."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.bridge.controller import ServerState
from app.journal.refs import EntryRef
from app.models.stream_band import Band, Waiting
from app.ui.application import Program
from app.ui.classroom.desk import Desk
from app.ui.classroom.next_step import NextStep
from app.ui.classroom.stream import StreamPiece
from app.ui.theme import theme
from tests.net.rig import receive_exactly
from tests.support.refs import live
from tests.support.wait import wait_until

Dial = Callable[[], socket.socket]
NI_HAO = "你好".encode("gbk")


@pytest.fixture
def piece(show: Callable[[str], StreamPiece]) -> StreamPiece:
    return show("stream")


def shown(piece: StreamPiece) -> int:
    """The number of the client that is shown; 0: nobody."""
    client = piece._clients.currentData()
    return client.number if client is not None else 0


def band(piece: StreamPiece) -> Band:
    piece._refresh()
    found = piece.view.band
    return found if found is not None else Band(0, 0, (), (), (), None, frozenset())


def text(piece: StreamPiece) -> str:
    return "".join(c.text for c in band(piece).characters)


def send(piece: StreamPiece, client: socket.socket, data: bytes) -> None:
    """Send, and wait until it is shown."""
    end = band(piece).end + len(data)
    client.sendall(data)
    wait_until(lambda: band(piece).end == end)


def test_a_character_cut_by_recv_is_whole_and_half_of_one_waits(
    piece: StreamPiece, dial: Dial
) -> None:
    client = dial()
    send(piece, client, NI_HAO[:3])
    assert band(piece).waiting == Waiting(2, 1, 1)
    send(piece, client, NI_HAO[3:])
    assert text(piece) == "你好"
    assert [band(piece).is_cut(c) for c in band(piece).characters] == [False, True]
    assert [chunk.data for chunk in band(piece).chunks] == [NI_HAO[:3], NI_HAO[3:]]
    assert [c.is_bad for c in band(piece).alone] == [False, True, True]
    assert not piece.view.grid.shows_alone
    piece.tools["naive"].trigger()
    assert piece.view.grid.shows_alone


def test_the_receive_size_can_be_changed_while_it_runs(
    piece: StreamPiece, dial: Dial, program: Program, qtbot: QtBot
) -> None:
    client = dial()
    send(piece, client, b"12345")
    piece._size.setCurrentIndex(piece._size.findText("3"))
    piece._size.activated.emit(piece._size.currentIndex())
    assert program.controller.settings.server.recv_size_bytes == 3
    assert program.window.setup.recv_size.editor.text() == "3"
    send(piece, client, b"x")  # the recv that waited already asked for 1,024
    send(piece, client, b"abcdefg")
    assert [len(chunk.data) for chunk in band(piece).chunks][2:] == [3, 3, 1]
    program.controller.change(recv_size_bytes=16)
    assert piece._size.currentText() == "16"
    edit = piece._size.lineEdit()
    for wrong in ("0", "many", "9999999999"):
        edit.setText(wrong)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert wrong in piece._error.text()
        assert program.controller.settings.server.recv_size_bytes == 16
    program.controller.change(language="zh_CN")
    wait_until(lambda: "到 1048576 的整数" in piece._error.text())
    program.controller.change(language="en")
    wait_until(lambda: "whole number" in piece._error.text())
    program.controller.change(recv_size_bytes=17)  # elsewhere: what was wrong is not there now
    assert (edit.text(), piece._error.text()) == ("17", "")
    edit.setText("5")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert program.controller.settings.server.recv_size_bytes == 5
    assert not piece._error.isVisible()


def test_what_is_sent_is_another_band(piece: StreamPiece, dial: Dial, program: Program) -> None:
    program.controller.change(reply_mode="text", reply_text="好")
    client = dial()
    send(piece, client, b"a")
    assert receive_exactly(client, 2) == "好".encode("gbk")
    piece._direction.button("out").click()
    wait_until(lambda: text(piece) == "好")
    piece._direction.button("in").click()
    assert text(piece) == "a"


def test_the_clients_encoding_decides(piece: StreamPiece, dial: Dial, program: Program) -> None:
    client = dial()
    send(piece, client, "你".encode())
    assert text(piece) != "你"
    program.controller.orders.set_encoding([live(program.controller, 1)], "utf-8")
    assert text(piece) == "你"


def test_the_newest_client_is_shown_when_nobody_else_is_left(
    piece: StreamPiece, dial: Dial, program: Program, desk: Desk
) -> None:
    first, second = dial(), dial()
    wait_until(lambda: len(program.controller.sessions) == 2)
    first.sendall(b"one")
    second.sendall(b"two")
    wait_until(lambda: text(piece) in ("one", "two"))
    other = 3 - shown(piece)
    piece.show_client(live(program.controller, other))
    assert shown(piece) == other
    wait_until(lambda: text(piece) == {1: "one", 2: "two"}[other])
    for client in (second, first) if other == 1 else (first, second):  # who is shown goes last
        left = len(program.window.service.online)
        client.close()
        wait_until(lambda left=left: len(program.window.service.online) < left)
    assert text(piece) == {1: "one", 2: "two"}[other]
    dial().sendall(b"three")
    wait_until(lambda: shown(piece) == 3 and text(piece) == "three")


def test_keys_and_mouse_choose_a_byte_and_its_call(
    piece: StreamPiece, dial: Dial, desk: Desk, qtbot: QtBot
) -> None:
    client = dial()
    send(piece, client, NI_HAO)
    send(piece, client, b"\r\n")
    view = piece.view
    with qtbot.waitSignal(desk.call_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Home)
    call = desk.classroom.recorder.call(chosen.args[0])
    assert call is not None
    assert call.result == NI_HAO
    facts = piece._facts.text()
    for words in ("offset 0", "0xC4", "chunk 1, 4 B", "worker-1", "你 = C4 E3"):
        assert words in facts
    assert view.accessibleDescription() == facts
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert "chunk 2, 2 B" in piece._facts.text()
    assert "CR = 0D" in piece._facts.text()
    where = QPoint(view.grid.x_of(1) + 3, view.grid.hex_top + 3)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert view.current == 1
    assert "0xE3" in piece._facts.text()


def test_a_chosen_call_or_row_of_the_log_shows_its_bytes(
    piece: StreamPiece, dial: Dial, desk: Desk
) -> None:
    one, two = dial(), dial()
    wait_until(lambda: len(desk.controller.sessions) == 2)
    piece.show_client(live(desk.controller, 1))
    send(piece, one, b"first")
    two.sendall(b"second")
    wait_until(
        lambda: b"second" in [call.result for call in desk.classroom.recorder.calls_after(0)]
    )
    call = next(c for c in desk.classroom.recorder.calls_after(0) if c.result == b"second")
    desk.call_chosen.emit(call.id, None)
    assert shown(piece) == 2
    assert text(piece) == "second"
    reader = desk.controller.reader
    assert reader is not None
    entry = next(e for e in reader.entries(1, reader.last_id) if e.data == b"first")
    desk.log.entry_chosen.emit(EntryRef(reader.key, entry.id))
    assert shown(piece) == 1
    assert "0x66" in piece._facts.text()


def test_a_long_stream_can_be_scrolled_back_and_stays_there(
    piece: StreamPiece, dial: Dial, qtbot: QtBot
) -> None:
    client = dial()
    lines = "".join(f"第 {n} 行，一二三四五\r\n" for n in range(2_000))
    send(piece, client, lines.encode("gbk"))
    view = piece.view
    assert view.tail.follows
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert not view.tail.follows
    assert not piece.tools["follow"].isChecked()
    assert text(piece).startswith("第 0 行，一二三四五\r\n第 1 行")
    client.sendall(b"mm")
    wait_until(lambda: piece._source.bounds()[1] == len(lines.encode("gbk")) + 2)
    assert text(piece).startswith("第 0 行")
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    assert text(piece)[2:-2] in lines
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.tail.follows
    assert text(piece).endswith("mm")
    bar.setValue(0)
    piece.tools["follow"].trigger()
    assert bar.value() == bar.maximum()


def test_it_is_painted_at_every_size_and_in_both_themes(
    piece: StreamPiece, dial: Dial, program: Program
) -> None:
    client = dial()
    send(piece, client, "你\u0301😀".encode("utf-16-le") + bytes(range(64)) + NI_HAO[:1])
    piece.tools["naive"].trigger()
    for percent, look in ((100, "light"), (150, "dark")):
        program.controller.change(projector_percent=percent, theme=look)
        assert theme().type_percent == percent
        piece._refresh()
        image = piece.view.viewport().grab().toImage()
        assert len(colours(image)) > 10


def colours(image: QImage) -> set[int]:
    return {
        image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    }


def test_it_says_what_to_do_first(
    piece: StreamPiece, program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    step = piece.findChild(NextStep)
    assert isinstance(step, NextStep)
    button = step.findChild(QPushButton)
    program.controller.close_server()
    wait_until(lambda: program.controller.state is ServerState.CLOSED)
    assert step.step == "open"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert program.controller.state is ServerState.OPEN
    assert step.step == "client"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(lambda: not step.isVisible())
    wait_until(lambda: band(piece).waiting is not None)  # it splits characters


def test_another_language_and_another_journal(piece: StreamPiece, program: Program) -> None:
    controller = program.controller
    controller.change(language="zh_CN")
    wait_until(lambda: piece.tools["follow"].text() == "跟随")
    controller.close_server()
    wait_until(lambda: controller.state is ServerState.CLOSED)
    controller.drop_journal()
    piece._refresh()
    assert piece.view.band is None
    program.window.service.open()
    assert piece.view.is_empty
