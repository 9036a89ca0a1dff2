"""Commands as a person uses them: written, sent by a click and by keys, found, moved, kept."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.journal.refs import ClientRef
from app.paths import find_places
from app.text.compose import ComposeOptions, LineEnding
from app.ui.application import Program
from app.ui.composer.history import Draft, kept_seal
from app.ui.prepared.command import (
    Command,
    CommandFault,
    read_commands,
    write_commands,
)
from app.ui.prepared.files import export_to, import_from, to_csv
from app.ui.prepared.form import CommandForm
from app.ui.prepared.table import MESSAGE, NAME, SEND
from app.wording import tr
from tests.support.wait import wait_until

Start = Callable[..., Program]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def text(name: str, message: str = "", **values: str) -> Command:
    return Command(name, Draft(message or name, ComposeOptions("")), **values)


def hexa(name: str, message: str) -> Command:
    return Command(name, Draft(message, ComposeOptions("", mode="hex")))


def with_commands(*commands: Command) -> None:
    folder = find_places().config_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "commands.json").write_text(write_commands(commands), "utf-8")


def kept() -> tuple[Command, ...]:
    path = find_places().config_dir / "commands.json"
    return read_commands(path.read_text("utf-8")) if path.exists() else ()


def names(program: Program) -> list[str]:
    return [command.name for command in program.window.prepared.table.commands]


def click(program: Program, row: int, column: int) -> None:
    view = program.window.prepared.panel.view
    where = view.visualRect(view.model().index(row, column)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def fill_form(act: Callable[[CommandForm], object]) -> None:
    """Do this in the dialog that opens next."""

    def there() -> None:
        form = QApplication.activeModalWidget()
        assert isinstance(form, CommandForm)
        act(form)
        if form.isVisible():
            form.reject()

    QTimer.singleShot(0, there)


def one_client(program: Program) -> socket.socket:
    program.window.service.open()
    client = socket.create_connection(program.controller.endpoints[0], 5)
    wait_until(lambda: program.window.clients.rows.online_count == 1)
    return client


def test_a_click_and_a_key_send_each_client_its_own_bytes(start: Start, qtbot: QtBot) -> None:
    with_commands(text("查询"), hexa("read", "01 03 00 00"), text("later"))
    program = start()
    window = program.window
    assert window.prepared.dock.isHidden()
    with closing(one_client(program)) as one:
        where = program.controller.endpoints[0]
        with closing(socket.create_connection(where, 5)) as two:
            wait_until(lambda: window.clients.rows.online_count == 2)
            assert program.controller.journal is not None
            second = ClientRef(program.controller.journal.key, 2)
            program.controller.orders.set_encoding([second], "utf-8")
            window.commands["show_commands"].trigger()
            wait_until(window.prepared.panel.isVisible)
            click(program, 0, SEND)
            assert one.recv(99) == "查询".encode("gbk")
            assert two.recv(99) == "查询".encode()
            wait_until(lambda: "2" in window.composer.message.text())
            window.commands["show_commands"].trigger()
            assert window.prepared.dock.isHidden()
            window.activateWindow()
            keys = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
            QTest.keyClick(window, Qt.Key.Key_2, keys)
            assert one.recv(99) == two.recv(99) == bytes.fromhex("01030000")
            assert window.composer.editor.text() == ""


def test_a_click_beside_the_button_sends_nothing(start: Start) -> None:
    with_commands(text("a"), text("b"))
    program = start()
    program.window.prepared.show()
    with closing(one_client(program)) as client:
        click(program, 1, NAME)
        click(program, 0, MESSAGE)
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)
        assert program.window.prepared.panel.places == [0]


def test_what_is_in_the_way_is_said_and_nobody_else_gets_it(start: Start) -> None:
    with_commands(
        text("to three", target="3"), text("bad", "😀"), text("marked", target="selected")
    )
    program = start()
    desk, said = program.window.prepared, program.window.composer.message.text
    desk.send(0)
    assert said() == tr("composer.do_port_closed")
    with closing(one_client(program)) as client:
        for place, words in (
            (0, tr("composer.do_one_offline", id=3)),
            (2, tr("composer.do_none_selected")),
            (7, tr("prepared.no_command", n=8)),
        ):
            desk.send(place)
            assert said() == words
        desk.send(1)
        assert "bad" in said()
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)


def test_the_form_checks_as_the_composer_does(start: Start, qtbot: QtBot) -> None:
    program = start()
    panel = program.window.prepared.panel
    program.window.prepared.show()

    def write(form: CommandForm) -> None:
        form.accept()
        assert form.error.text() == tr("prepared.no_name")
        QTest.keyClicks(form.name, "poll")
        form.bar.mode.button("hex").click()
        QTest.keyClicks(form.editor, "01 0g")
        form.accept()
        assert "0g" in form.error.text() or "g" in form.error.text()
        assert form.isVisible()
        form.editor.replace_text("01 03")
        form.group.setCurrentText("meter")
        form.target.setCurrentIndex(form.target.findData("one"))
        form.target.activated.emit(0)
        form.accept()
        assert form.error.text() == tr("prepared.no_number")
        QTest.keyClicks(form.number, "7")
        form.accept()

    fill_form(write)
    panel.act("add")
    expected = Command("poll", Draft("01 03", ComposeOptions("", mode="hex")), "7", "meter")
    assert program.window.prepared.table.commands == (expected,)
    wait_until(lambda: kept() == (expected,))


def test_what_the_composer_holds_is_kept_and_comes_back(start: Start) -> None:
    program = start()
    composer = program.window.composer
    seal = kept_seal("crc16-modbus L")
    draft = Draft("AT\\r", ComposeOptions("gbk", "text", True, LineEnding.CRLF, seal))
    composer.recall(draft)
    fill_form(lambda form: form.accept())
    program.window.commands["keep_command"].trigger()
    (command,) = program.window.prepared.table.commands
    assert command.draft == draft
    composer.editor.replace_text("something else")
    program.window.prepared.panel.select([0])
    program.window.prepared.panel.act("recall")
    assert composer.draft == draft


def test_moved_by_keys_and_dragging_copied_deleted_and_undone(start: Start) -> None:
    with_commands(*map(text, "abcd"))
    program = start()
    desk = program.window.prepared
    desk.show()
    panel, table = desk.panel, desk.table
    panel.select([2])
    program.window.activateWindow()
    wait_until(panel.view.hasFocus)
    QTest.keyClick(panel.view, Qt.Key.Key_Up, ALT)
    assert names(program) == ["a", "c", "b", "d"]
    assert panel.places == [1]
    data = table.mimeData([table.index(3, NAME)])
    table.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, table.index(-1, 0))
    assert names(program) == ["d", "a", "c", "b"]
    panel.select([0, 1])
    panel.act("copy")
    assert names(program) == ["d", "a", "d 2", "a 2", "c", "b"]
    panel.select([0, 5])
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    assert names(program) == ["a", "d 2", "a 2", "c"]
    QTest.keyClick(panel.view, Qt.Key.Key_Z, CTRL)
    assert names(program) == ["d", "a", "d 2", "a 2", "c", "b"]
    for _ in range(3):
        panel.act("undo")
    assert names(program) == ["a", "b", "c", "d"]
    panel.act("redo")
    assert names(program) == ["a", "c", "b", "d"]


def test_searching_finds_in_every_part_and_a_group(start: Start) -> None:
    with_commands(
        text("reset", "01 06", group="motor"),
        text("poll", "01 03", comment="每秒一次", group="meter"),
        text("poll all", "ff"),
    )
    program = start()
    desk = program.window.prepared
    desk.show()
    panel = desk.panel
    for wanted, group, found in (
        ("POLL", "", ["poll", "poll all"]), ("每秒", "", ["poll"]), ("06", "", ["reset"]),
        ("all poll", "", ["poll all"]), ("", "meter", ["poll"]), ("reset", "meter", []),
    ):  # fmt: skip
        panel.needle.setText(wanted)
        panel.group.setCurrentIndex(panel.group.findData(group))
        panel.search()
        rows = range(desk.table.rowCount())
        assert [desk.table.index(row, NAME).data() for row in rows] == found
    assert panel.view.nothing.text() == tr("prepared.none_found")


def test_a_damaged_file_is_told_and_put_aside(start: Start) -> None:
    path = find_places().config_dir / "commands.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b'{"commands": [{"name": "a", "checksum": "crc99"}]}')
    program = start()
    program.window.prepared.show()
    bad = path.with_name("commands.json.bad")
    assert bad.exists()
    assert str(bad) in program.window.notices._made["warning"].text
    program.window.prepared.table.insert(0, [text("new")])
    program.window.prepared.shut_down()
    assert kept() == (text("new"),)


AWKWARD = (
    text("=cmd|'/c calc'!A0", "=1+1\r\n\ttwo", group="'quoted'", comment="''x"),
    text("1/2", 'a,b"c\n', comment="  x  ", target="all"),
    hexa("十六进制", "01 0x02"),
    Command(
        "all", Draft("AT", ComposeOptions("gbk", "text", True, LineEnding.CR, kept_seal("sum8")))
    ),
)


@pytest.mark.parametrize("name", ["c.json", "c.csv"])
def test_what_is_exported_is_imported_as_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert export_to(path, AWKWARD) == ""
    assert import_from(path) == (AWKWARD, "")
    assert b"\n=" not in path.read_bytes()
    assert b",=" not in b"".join(to_csv(AWKWARD))


@pytest.mark.parametrize("content", [
    b"", b"\xff", b"{}", b"[1]", b'[{"name": ""}]', b'[{"name": "a", "message": "1"}, 3]',
    b'[{"name": "a", "message": "0g", "mode": "hex"}]', b'[{"name": "a", "target": "-1"}]',
    b'[{"name": "a", "message": "x", "escapes": "no"}]', b"[" * 100_000,
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_whole(
    start: Start, tmp_path: Path, content: bytes
) -> None:
    with_commands(text("mine"))
    program = start()
    program.window.prepared.show()
    path = tmp_path / "foreign.json"
    path.write_bytes(content)
    panel = program.window.prepared.panel
    panel.import_from(path)
    assert panel.error.text()
    assert "{" not in panel.error.text()
    assert names(program) == ["mine"]


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(CommandFault):
        read_commands(json.dumps([{"name": "x", "message": 3}]))


def test_ten_thousand_are_found_and_moved_within_a_frame_or_few(start: Start) -> None:
    with_commands(
        *(text(f"command {n}", f"01 03 {n:05}", group=f"g{n % 20}") for n in range(10_000))
    )
    program = start()
    desk = program.window.prepared
    desk.show()
    begun = time.perf_counter()
    desk.table.search("9999", "")
    assert desk.table.rowCount() == 1
    desk.table.search("", "")
    desk.panel.select([9_999])
    desk.panel.act("up")
    assert desk.panel.places == [9_998]
    assert time.perf_counter() - begun < 2  # some 50 ms, on a machine that does nothing else
    assert (
        desk.panel.view.viewport()
        .rect()
        .contains(
            desk.panel.view.visualRect(desk.table.index(9_998, NAME)).topLeft() + QPoint(1, 1)
        )
    )


def test_the_panel_is_folded_away_in_the_classroom_and_back_after_it(start: Start) -> None:
    with_commands(text("a"))
    program = start()
    program.window.commands["show_commands"].trigger()
    dock = program.window.prepared.dock
    wait_until(dock.isVisible)
    program.window.commands["classroom"].trigger()
    wait_until(dock.isHidden)
    program.window.commands["classroom"].trigger()
    wait_until(dock.isVisible)
