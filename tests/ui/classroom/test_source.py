"""The source on display: the tutorial program and Portside's own, with what runs there."""

from __future__ import annotations

import ast
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.teaching.own_source import OWN_MODULES, read_source
from app.ui.application import Program
from app.ui.classroom.desk import Desk
from app.ui.classroom.source import SourcePiece
from app.ui.classroom.source.colouring import spans
from app.ui.theme import theme
from tests.support.wait import wait_until

Dial = Callable[[], socket.socket]


@pytest.fixture
def piece(show: Callable[[str], SourcePiece]) -> SourcePiece:
    return show("source")


def line_with(piece: SourcePiece, words: str) -> int:
    lines = piece.view.toPlainText().split("\n")
    return next(n for n, line in enumerate(lines, 1) if words in line)


def value_at(piece: SourcePiece, words: str) -> str:
    value = piece.view.values.get(line_with(piece, words))
    return value.text if value else ""


def show_own(piece: SourcePiece, name: str) -> None:
    piece._pages.button("own").click()
    piece._files.setCurrentIndex(piece._files.findText(name))
    piece._files.activated.emit(piece._files.currentIndex())


def test_the_tutorial_lives(piece: SourcePiece, dial: Dial, program: Program) -> None:
    program.controller.change(reply_mode="text", reply_text="好")
    recv = line_with(piece, "client.recv(")
    clients = [dial() for _ in range(3)]
    wait_until(lambda: piece.view.standing.get(recv) == 3)
    assert piece.view.standing.get(line_with(piece, "server.accept()")) == 1
    clients[0].sendall("你好".encode("gbk"))
    wait_until(lambda: r"b'\xc4\xe3\xba\xc3'" in value_at(piece, "client.recv("))
    wait_until(lambda: "→ 2" in value_at(piece, "client.sendall("))
    assert "worker-" in value_at(piece, "client.recv(")
    wait_until(lambda: recv in piece.view.flashing)
    wait_until(lambda: not piece.view.flashing)
    for client in clients:
        client.close()
    wait_until(lambda: piece.view.standing.get(recv, 0) == 0)
    wait_until(lambda: "worker-" in value_at(piece, "client.close()"))


def test_the_tutorial_is_what_the_settings_would_make_it(
    piece: SourcePiece, program: Program
) -> None:
    def constants() -> dict[str, object]:
        return {
            ast.unparse(node.targets[0]): ast.literal_eval(node.value)
            for node in ast.parse(piece.view.toPlainText()).body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }

    change = program.controller.change
    assert constants()["RECV_SIZE"] == 1024
    piece.view.verticalScrollBar().setValue(5)
    change(recv_size_bytes=3, encoding="utf-8", reply_mode="text", reply_text="\"'\\\n",
           reply_escapes=False)  # fmt: skip
    assert constants()["RECV_SIZE"] == 3
    assert constants()["ENCODING"] == "utf-8"
    assert constants()["REPLY"] == "\"'\\\n"
    assert piece.view.verticalScrollBar().value() == 5
    change(single_threaded=True)
    assert "threading" not in piece.view.toPlainText()
    change(language="zh_CN")
    wait_until(lambda: "客户端下线了" in piece.view.toPlainText())


def test_portsides_own_source_lives_too(piece: SourcePiece, dial: Dial) -> None:
    show_own(piece, "session.py")
    assert piece.view.toPlainText() == read_source("app.net.session").rstrip("\n")
    recv = line_with(piece, "chunk = self._wire.recv(")
    dial().sendall(b"hello")
    wait_until(lambda: piece.view.standing.get(recv) == 1)
    wait_until(lambda: "b'hello'" in piece.view.values[recv].text)
    show_own(piece, "server.py")
    wait_until(lambda: piece.view.standing.get(line_with(piece, "session.run()")) == 1)
    assert not piece.tools["export"].isVisible()
    assert piece._files.count() == len(OWN_MODULES)


def test_a_line_and_its_last_call_choose_each_other(
    piece: SourcePiece, dial: Dial, desk: Desk, qtbot: QtBot
) -> None:
    dial().sendall(b"hello")
    wait_until(lambda: "b'hello'" in value_at(piece, "client.recv("))
    view, recv = piece.view, line_with(piece, "client.recv(")
    view.choose(recv)
    view.choose(0)
    where = QPoint(60, int(next(top for line, top, _ in view.lines_in_sight() if line == recv)) + 4)
    with qtbot.waitSignal(desk.call_chosen) as chosen:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    call = desk.classroom.recorder.call(chosen.args[0])
    assert call is not None
    assert (call.result, chosen.args[1], view.chosen) == (b"hello", piece, recv)
    with qtbot.waitSignal(desk.call_chosen):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    show_own(piece, "listening.py")
    desk.call_chosen.emit(call.id, None)
    assert piece._files.currentText() == "session.py"
    assert view.chosen == line_with(piece, "chunk = self._wire.recv(")
    assert "b'hello'" in view.accessibleDescription()
    assert any("recv(1024) → b'hello'" in fact for fact in piece._facts(view.chosen))


def test_it_follows_what_is_passed_until_somebody_scrolls(
    piece: SourcePiece, dial: Dial, qtbot: QtBot
) -> None:
    view = piece.view
    view.setFixedHeight(150)
    client = dial()
    # Else a recv that finds its bytes there may return before the start of its thread does.
    wait_until(lambda: value_at(piece, ".start()"))
    client.sendall(b"one")
    recv = line_with(piece, "client.recv(")
    wait_until(lambda: recv in [line for line, _, _ in view.lines_in_sight()])
    wheel = QWheelEvent(
        QPointF(60, 60), view.viewport().mapToGlobal(QPointF(60, 60)), QPoint(), QPoint(0, 12_000),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    for _ in range(20):  # one turn moves a page at most
        QApplication.sendEvent(view.viewport(), wheel.clone())
    assert view.verticalScrollBar().value() == 0
    assert not piece.tools["follow"].isChecked()
    client.sendall(b"two")
    wait_until(lambda: "b'two'" in value_at(piece, "client.recv("))
    assert view.verticalScrollBar().value() == 0
    piece.tools["follow"].trigger()
    client.sendall(b"three")
    wait_until(lambda: view.verticalScrollBar().value() > 0)
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert not piece.tools["follow"].isChecked()


def test_export_writes_what_is_shown_or_says_why_not(
    piece: SourcePiece, program: Program, tmp_path: Path
) -> None:
    program.controller.change(reply_mode="text", reply_text="交易正在处理")
    path = tmp_path / "server.py"
    piece.export_to(path)
    wait_until(lambda: str(path) in piece.notice.text)
    assert path.read_text("utf-8").rstrip("\n") == piece.view.toPlainText()
    piece.copy()
    assert QGuiApplication.clipboard().text() == path.read_text("utf-8")
    piece.export_to(tmp_path / "nowhere" / "server.py")
    wait_until(lambda: "Cannot write server.py: No such file" in piece.notice.text)
    program.controller.change(reply_text="한국")
    piece.export_to(tmp_path / "other.py")
    assert "한" in piece._error.text()
    assert "GBK" in piece._error.text()
    assert not (tmp_path / "other.py").exists()


def test_it_is_painted_in_both_themes_and_large(
    piece: SourcePiece, dial: Dial, program: Program
) -> None:
    dial().sendall("你好".encode("gbk") * 20)
    wait_until(lambda: value_at(piece, "client.recv("))
    for percent in (100, 250):
        for look in ("light", "dark"):
            program.controller.change(projector_percent=percent, theme=look)
            assert piece.view.font().pixelSize() == theme().mono_font().pixelSize()
            image = piece.view.grab().toImage()
            assert not image.isNull()


def test_python_is_coloured_by_its_own_rules() -> None:
    source = 'def f(x):  # "no" string 😀\n    return """two\nlines""" + "😀" * 3\n'
    found = spans(source)
    assert [(s.begin, s.length, s.token) for s in found[0]] == [
        (0, 3, "code_keyword"),
        (4, 1, "code_name"),
        (11, 16, "code_comment"),
    ]
    assert [(s.begin, s.length) for s in found[2]] == [(0, 8), (11, 4), (18, 1)]
    for module in OWN_MODULES:
        assert spans(read_source(module))
