"""Every journal counts its clients from 1: no order ever reaches a client that only has the number.

The live port is open with two clients while an old journal with three is shown.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.bridge.controller import ServerState
from app.bridge.orders import Hindrance
from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.journal.refs import ClientRef, EntryRef
from app.text.compose import ComposeOptions
from app.ui.application import Program
from app.ui.classroom.stream import StreamPiece
from app.ui.composer.target import Obstacle, TargetKind
from app.wording import tr
from tests.support.refs import live
from tests.support.wait import wait_until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Start = Callable[..., Program]


class Stage:
    """The program with live clients, and the file of an old run whose numbers are the same."""

    def __init__(self, program: Program, old: Path, stack: ExitStack) -> None:
        self.program, self.old, self._stack = program, old, stack
        self.window, self.controller = program.window, program.controller
        self.refused: list[Hindrance] = []
        self.controller.orders.refused.connect(lambda told: self.refused.append(told.hindrance))
        self.window.service.open()
        self.clients = [self.dial(), self.dial()]

    def dial(self) -> socket.socket:
        """A client that is online."""
        count = len(self.controller.sessions)
        client = self._stack.enter_context(
            socket.create_connection(self.controller.endpoints[0], 5)
        )
        wait_until(lambda: len(self.controller.sessions) > count)
        return client

    def show_old(self) -> None:
        self.window.archive.enter(self.old)
        wait_until(lambda: self.window.archive.shown)
        wait_until(lambda: self.window.log.rows.count == 3)

    def old_client(self, number: int) -> ClientRef:
        row = self.window.clients.rows.client(number - 1)
        assert row.client_id == number
        return row.ref

    def nobody_noticed(self) -> None:
        """The live clients are there, and got nothing but what the server tells everybody now."""
        orders = self.controller.orders
        everybody = [session.ref for session in self.controller.sessions.values()]
        orders.send("only this", ComposeOptions(encoding="ascii"), everybody)
        for client in self.clients:
            assert client.recv(99) == b"only this"

    def send_typed(self) -> None:
        composer = self.window.composer
        composer.focus_editor()
        composer.editor.replace_text("meant for nobody")
        QTest.keyClick(composer.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def new_journal(self) -> None:
        """Close the port, delete the journal, open again: clients are counted anew."""
        self.controller.close_server()
        wait_until(lambda: self.controller.state is ServerState.CLOSED)
        self.window.archive._before_drop()
        path = self.controller.drop_journal()
        assert path is not None
        path.unlink()
        self.window.archive._on_dropped()
        self.window.service.open()


@pytest.fixture
def stage(start: Start, tmp_path: Path) -> Iterator[Stage]:
    path = tmp_path / "old.db"
    journal = Journal(path)
    for number in (1, 2, 3):
        assert journal.new_client_id() == number
        journal.add_client(ClientRecord(number, f"10.0.0.{number}", 5, "gbk", 1))
        journal.append(number, int(Kind.IN), b"old")
    journal.close()
    with ExitStack() as stack:
        yield Stage(start(), path, stack)


def test_what_is_selected_in_an_old_journal_is_sent_to_nobody(stage: Stage) -> None:
    window = stage.window
    window.clients.table.selectRow(0)
    window.composer.bar.picker.combo.activated.emit(1)  # the selected
    assert window.composer.bar.picker._choice.kind is TargetKind.SELECTED
    stage.show_old()
    window.clients.table.selectAll()
    assert window.composer.bar.picker.obstacle() is Obstacle.OLD_JOURNAL
    stage.send_typed()
    assert window.composer.message.text() == tr("composer.do_old_journal")
    stage.nobody_noticed()


def test_a_client_of_an_old_journal_is_no_target(stage: Stage) -> None:
    stage.show_old()
    stage.window.composer.target.choose([stage.old_client(1)])
    assert stage.window.composer.bar.picker.obstacle() is Obstacle.ONE_OFFLINE
    stage.send_typed()
    stage.nobody_noticed()


def test_disconnect_means_no_live_client_of_the_same_number(stage: Stage) -> None:
    stage.show_old()
    stage.window.clients.table.selectRow(0)
    QTest.keyClick(stage.window.clients.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    stage.window.service.disconnect([stage.old_client(1), stage.old_client(2)])
    assert stage.refused[-1] is Hindrance.OTHER_JOURNAL
    stage.nobody_noticed()
    assert len(stage.window.service.online) == 2


def test_an_encoding_chosen_for_an_old_client_is_not_a_live_ones(stage: Stage) -> None:
    stage.show_old()
    clients = stage.window.clients
    clients.table.selectAll()
    clients.encoding_chosen.emit(clients.selected(), "utf-8")
    assert clients.rows.client(0).encoding == "utf-8"
    orders = stage.controller.orders
    assert orders.encoding_of(live(stage.controller, 1)) == "gbk"
    assert (
        orders.encoding_of(clients.rows.client(0).ref) == stage.controller.settings.server.encoding
    )
    assert stage.refused == []


@pytest.mark.parametrize("order", ["encoding", "note", "send", "disconnect"])
def test_every_order_refuses_another_journals_client_and_says_so(stage: Stage, order: str) -> None:
    stage.show_old()
    foreign, mine = stage.old_client(2), live(stage.controller, 1)
    orders = stage.controller.orders
    match order:
        case "encoding":
            orders.set_encoding([foreign], "utf-8")
        case "note":
            orders.set_note(foreign, "not you")
        case "send":
            options = ComposeOptions(encoding="ascii")
            assert orders.send("x", options, [mine, foreign]) is None
        case "disconnect":
            orders.disconnect_clients([foreign])
    assert stage.refused == [Hindrance.OTHER_JOURNAL]
    said = tr("window.refused_other_journal", who="#2")
    if order != "send":  # there two were meant
        assert stage.window.notices._banner("warning").text == said
    session = stage.controller.sessions[live(stage.controller, 2)]
    assert (session.encoding, session.note) == ("gbk", "")
    stage.nobody_noticed()


def test_a_bare_number_reaches_nobody(stage: Stage) -> None:
    orders = stage.controller.orders
    for order in (
        lambda: orders.disconnect_clients([1]),  # type: ignore[list-item]
        lambda: orders.set_encoding([1], "utf-8"),  # type: ignore[list-item]
        lambda: orders.set_note(1, "x"),  # type: ignore[arg-type]
        lambda: orders.send("x", ComposeOptions(encoding="ascii"), [1]),  # type: ignore[list-item]
    ):
        with pytest.raises(TypeError, match="no client of a journal"):
            order()
    stage.nobody_noticed()


def test_a_client_that_left_is_named_and_nobody_else_is_touched(stage: Stage) -> None:
    gone, stays = live(stage.controller, 1), live(stage.controller, 2)
    stage.clients[0].close()
    wait_until(lambda: len(stage.window.service.online) == 1)
    stage.controller.orders.disconnect_clients([gone])
    assert stage.refused == [Hindrance.GONE]
    assert stage.window.notices._banner("warning").text == tr("window.refused_gone", who="#1")
    assert stage.window.service.online == (stays,)


def test_a_choice_does_not_outlive_its_journal(stage: Stage) -> None:
    first = live(stage.controller, 1)
    stage.window.composer.target.choose([first])
    stage.new_journal()
    stage.clients = [stage.dial()]
    assert live(stage.controller, 1) != first
    picker = stage.window.composer.bar.picker
    assert picker.obstacle() is Obstacle.NO_NUMBER
    assert picker.combo.findText("#1", Qt.MatchFlag.MatchStartsWith) < 0  # nor is it offered
    stage.send_typed()
    options = ComposeOptions(encoding="ascii")
    assert stage.controller.orders.send("late", options, [first]) is None
    assert stage.refused == [Hindrance.OTHER_JOURNAL]
    stage.nobody_noticed()


def test_a_typed_number_is_the_field_s_or_nobody_s(stage: Stage) -> None:
    picker = stage.window.composer.bar.picker
    picker.combo.activated.emit(picker.combo.count() - 1)
    for typed in ("+1", "1,", "1,000", "-1", "0", " 2", "１", "1e1", "99999999999"):
        picker.number.clear()
        for character in typed:
            picker.number.insert(character)
        picker.number.insert(typed)  # pasted
        shown = picker.number.text()
        assert picker.one == (live(stage.controller, int(shown)) if shown else None), typed
    picker.number.clear()
    assert picker.obstacle() is Obstacle.NO_NUMBER


def test_the_log_s_filter_means_its_own_journal(stage: Stage) -> None:
    log = stage.window.log
    log.show_only([live(stage.controller, 2)])
    assert log.rows.filter.clients == {2}
    stage.show_old()  # waits until all of its rows are shown
    assert log.rows.filter.clients is None
    log.show_only([live(stage.controller, 2)])  # of the other journal: means nobody here
    assert log.rows.filter.clients is None
    log.show_only([stage.old_client(3)])
    stage.window.archive.leave()
    assert log.rows.filter.clients is None


def test_a_filter_by_an_empty_selection_shows_nobody(stage: Stage) -> None:
    log = stage.window.log
    for client in stage.clients:
        client.sendall(b"x")
    stage.window.clients.table.selectRow(1)
    log.tools.clients._choose("selected")
    wait_until(lambda: log.rows.count == 2)  # online, and what it said
    stage.window.clients.table.clearSelection()
    wait_until(lambda: not log.rows.is_filling)
    assert log.rows.count == 0
    assert log.view._placeholder == tr("log.none_selected")


def test_a_row_of_an_old_journal_chooses_no_live_call_and_no_live_bytes(
    stage: Stage, qtbot: QtBot
) -> None:
    window, desk = stage.window, stage.window.classroom.desk
    for name in ("calls", "stream"):
        window.classroom.show_piece(name)
    for at, client in enumerate(stage.clients):
        client.sendall(b"live %d" % at)
    recorder = desk.classroom.recorder
    wait_until(lambda: sum(c.name == "recv" for c in recorder.calls_after(0)) == 2)
    stream = window.classroom.stage.piece("stream")
    assert isinstance(stream, StreamPiece)
    stream.show_client(live(stage.controller, 2))
    stage.show_old()
    log = window.log.view
    chosen: list[int] = []
    desk.call_chosen.connect(lambda call_id, _by: chosen.append(call_id))
    for number in (1, 2, 3):
        log.show_entry(number)
        assert log.selection.current == number
    assert chosen == []
    assert stream._client == live(stage.controller, 2)
    call = next(c for c in recorder.calls_after(0) if c.result == b"live 0")
    desk.call_chosen.emit(call.id, None)  # the calls and the bytes follow, the archive does not
    assert log.selection.current == 3
    assert stream._client == live(stage.controller, 1)


def test_the_spotlight_lights_no_row_of_an_old_journal(stage: Stage) -> None:
    stage.show_old()
    window, key = stage.window, stage.old_client(1).journal
    window.log.view.viewport().repaint()
    assert window.clients.table.row_rect(ClientRef(key, 1)) is not None
    assert window.log.row_rect(EntryRef(key, 1)) is not None
    live_key = live(stage.controller, 1).journal
    assert window.clients.table.row_rect(ClientRef(live_key, 1)) is None
    assert window.log.row_rect(EntryRef(live_key, 1)) is None


def test_calls_of_one_journal_are_not_taken_for_the_next_ones(stage: Stage) -> None:
    window = stage.window
    window.classroom.show_piece("calls")
    recorder = window.classroom.desk.classroom.recorder
    stage.clients[0].sendall(b"first run")
    wait_until(lambda: any(c.result == b"first run" for c in recorder.calls_after(0)))
    stage.new_journal()
    assert window.classroom.desk.classroom.recorder is not recorder
    stage.clients = [stage.dial()]
    stage.nobody_noticed()


def test_the_live_journal_s_own_file_opened_as_an_old_one_is_only_read(stage: Stage) -> None:
    """The same file, but another opening of it: its rows give no orders either."""
    assert stage.controller.journal is not None
    reader = Reader(stage.controller.journal.path)
    same_number = ClientRef(reader.key, 1)
    reader.close()
    stage.controller.orders.disconnect_clients([same_number])
    assert stage.refused == [Hindrance.OTHER_JOURNAL]
    stage.nobody_noticed()
