"""The call trace: what the sockets and threads really did, in Python's words."""

from __future__ import annotations

import csv
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.journal.entry import Kind
from app.journal.refs import EntryRef
from app.models.call_rows import CallFilter
from app.models.file_task import FileTask
from app.models.task import join_tasks
from app.teaching.calls import Call
from app.ui.application import Program
from app.ui.classroom.call_colours import call_token
from app.ui.classroom.calls import CallsPiece
from app.ui.classroom.desk import Desk
from app.ui.classroom.piece import is_seen
from tests.support.machine import here_s
from tests.support.wait import wait_until

Dial = Callable[[], socket.socket]
NI_HAO = "你好".encode("gbk")


@pytest.fixture
def piece(show: Callable[[str], CallsPiece]) -> CallsPiece:
    return show("calls")


def lines(piece: CallsPiece) -> list[str]:
    piece._refresh()
    return [piece.rows.line(row) for row in range(piece.rows.rowCount())]


def row_with(piece: CallsPiece, words: str) -> int:
    wait_until(lambda: any(words in line for line in lines(piece)))
    return next(n for n, line in enumerate(lines(piece)) if words in line)


def test_a_visit_reads_like_a_script(
    piece: CallsPiece, dial: Dial, program: Program, qtmodeltester: ModelTester
) -> None:
    program.controller.change(reply_mode="text", reply_text="好")
    client = dial()
    client.sendall(NI_HAO)
    assert client.recv(10) == "好".encode("gbk")
    client.close()
    row_with(piece, "worker-1  close()")
    mine = [line for line in lines(piece) if line.startswith("worker-1")]
    assert mine == [
        r"worker-1  recv(1024) → b'\xc4\xe3\xba\xc3'",
        r"worker-1  send(b'\xba\xc3') → 2",
        "worker-1  recv(1024) → b''",
        "worker-1  close()",
    ]
    assert any(line.startswith("listener  accept() → (<socket fd=") for line in lines(piece))
    assert any(line.startswith("listener  Thread(name='worker-1 ") for line in lines(piece))
    qtmodeltester.check(piece.rows)


def test_opening_the_port_is_on_record_too(piece: CallsPiece, program: Program) -> None:
    with_port = program.controller
    with_port.close_server()
    wait_until(lambda: with_port.server is None)
    program.window.service.open()
    gui = [line for line in lines(piece) if line.startswith("GUI")]
    assert [line.split("(")[0] for line in gui] == ["GUI  socket", "GUI  bind", "GUI  listen"]


def test_filters_by_thread_and_call_and_waits_on_demand(piece: CallsPiece, dial: Dial) -> None:
    for _ in range(2):
        dial().sendall(b"x")
    row_with(piece, "worker-2  recv")
    assert not any("select" in line for line in lines(piece))
    piece.tools["waits"].trigger()
    assert any("select" in line for line in lines(piece))
    piece.rows.set_filter(CallFilter(name="recv"))
    assert {line.split("  ")[1].split("(")[0] for line in lines(piece)} == {"recv"}
    threads = piece._threads
    threads.setCurrentIndex(threads.findText("worker-2", Qt.MatchFlag.MatchStartsWith))
    threads.activated.emit(threads.currentIndex())
    assert {line.split("  ")[0] for line in lines(piece)} == {"worker-2"}


def test_a_chosen_call_chooses_its_row_of_the_log_and_back(
    piece: CallsPiece, dial: Dial, desk: Desk, qtbot: QtBot
) -> None:
    client = dial()
    for data in (b"one", b"two", b"three"):
        client.sendall(data)
        row_with(piece, repr(data))
    view, log = piece.view, desk.log.view
    where = view.visualRect(piece.rows.index(row_with(piece, "b'two'"))).center()
    with qtbot.waitSignal(desk.call_chosen):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    reader = desk.controller.reader
    assert reader is not None
    assert reader.entry(log.selection.current).data == b"two"
    wanted = next(
        entry
        for entry in reader.entries(reader.first_id, reader.last_id)
        if entry.kind == Kind.IN and entry.data == b"three"
    )
    with qtbot.waitSignal(desk.call_chosen):
        desk.log.entry_chosen.emit(EntryRef(reader.key, wanted.id))
    assert "b'three'" in piece.rows.line(view.currentIndex().row())


def test_letters_typed_by_mistake_walk_through_no_rows(
    piece: CallsPiece, dial: Dial, qtbot: QtBot
) -> None:
    """Qt would look for them in every row there is, and the window stand still meanwhile."""
    dial().sendall(b"x")
    row_with(piece, "recv(1024)")
    piece.view.setCurrentIndex(piece.rows.index(0))
    begin = str(piece.rows.index(3).data())[:2]
    assert begin.isascii(), begin
    qtbot.keyClicks(piece.view, begin)
    assert piece.view.currentIndex().row() == 0


def test_copy_and_export(piece: CallsPiece, dial: Dial, tmp_path: Path, qtbot: QtBot) -> None:
    dial().sendall(b"=1+1")
    row = row_with(piece, "b'=1+1'")
    piece.view.setCurrentIndex(piece.rows.index(row))
    qtbot.keyClick(piece.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: QGuiApplication.clipboard().text() == "worker-1  recv(1024) → b'=1+1'")
    piece.view.clearSelection()
    piece.copy()
    wait_until(lambda: "\nworker-1  recv(1024) → b'=1+1'" in QGuiApplication.clipboard().text())
    piece.export_to(tmp_path / "calls.txt")
    wait_until(lambda: "calls.txt" in piece.notice.text)
    assert "recv(1024) → b'=1+1'" in (tmp_path / "calls.txt").read_text("utf-8")
    piece.export_to(tmp_path / "calls.csv")
    wait_until(lambda: "calls.csv" in piece.notice.text)
    with (tmp_path / "calls.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert table[row]["result"] == "b'=1+1'"
    assert table[row]["client"] == "1"
    piece.export_to(tmp_path / "nowhere" / "calls.csv")
    wait_until(lambda: "Cannot write calls.csv: No such file" in piece.notice.text)
    assert not list(tmp_path.glob("*.part"))


def test_a_filter_that_nothing_meets_says_so(piece: CallsPiece, dial: Dial) -> None:
    dial()
    row_with(piece, "accept")
    assert not piece.view.accessibleDescription()
    piece._names.setCurrentIndex(piece._names.findData("shutdown"))
    piece._names.activated.emit(piece._names.currentIndex())
    assert piece.rows.rowCount() == 0
    assert "No call" in piece.view.accessibleDescription()
    plain = piece.view.grab().toImage()
    piece.view.say("")
    assert piece.view.grab().toImage() != plain  # it stands in the list, too
    piece._names.setCurrentIndex(0)
    piece._names.activated.emit(0)
    assert piece.rows.rowCount() > 0
    assert not piece.view.accessibleDescription()


def test_the_filters_have_room_for_a_thread_s_name(piece: CallsPiece, dial: Dial) -> None:
    dial()
    combo = piece._threads
    wait_until(lambda: combo.findText("worker-", Qt.MatchFlag.MatchStartsWith) > 0)
    combo.setCurrentIndex(combo.findText("worker-", Qt.MatchFlag.MatchStartsWith))
    whole = combo.fontMetrics().horizontalAdvance("worker-1234")
    wait_until(lambda: combo.width() > whole)


def test_fifty_thousand_calls_leave_the_window_free(piece: CallsPiece, tmp_path: Path) -> None:
    calls = [
        Call(at, 1, "recv", 1, 7, (1024,), b"=x", begin_ns=at, end_ns=at, lines=())
        for at in range(1, 50_001)
    ]
    piece.rows._rows[:] = calls
    begun = time.thread_time()
    piece.export_to(tmp_path / "many.csv")
    piece.copy()
    piece.view.selectAll()
    assert len(piece.rows.calls(piece.view.selected_ranges())) == 50_000
    assert time.thread_time() - begun < here_s(0.8)  # together they took two to three seconds
    wait_until(lambda: "many.csv" in piece.notice.text)
    wait_until(lambda: QGuiApplication.clipboard().text().count("\n") == 49_999)
    assert len((tmp_path / "many.csv").read_bytes().splitlines()) == 50_001


def test_an_export_is_stopped_and_leaves_nothing(piece: CallsPiece, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("before")
    going, end = threading.Event(), threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"some"
        going.set()
        end.wait(10)
        yield b"more"

    piece.saving.write(FileTask("slow", path, pieces(), 2), path, str)
    wait_until(going.is_set)
    assert piece.notice.isVisible()
    (stop,) = piece.notice.findChildren(QPushButton)
    wait_until(stop.isVisible)
    stop.click()
    end.set()
    join_tasks()
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.glob("calls*")] == ["calls.csv"]


def test_scrolling_back_stops_following(piece: CallsPiece, dial: Dial, qtbot: QtBot) -> None:
    client = dial()
    for number in range(60):
        client.sendall(b"%d" % number)
        row_with(piece, f"b'{number}'")
    view = piece.view
    assert view.tail.follows
    view.verticalScrollBar().setValue(0)
    assert not piece.tools["follow"].isChecked()
    client.sendall(b"more")
    row_with(piece, "b'more'")
    assert view.verticalScrollBar().value() == 0
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.tail.follows


def test_a_piece_behind_another_rests_and_catches_up(
    program: Program, dial: Dial, desk: Desk
) -> None:
    program.window.resize(1280, 900)
    door = program.window.classroom
    door.show_piece("calls")
    piece = door.stage.piece("calls")
    assert isinstance(piece, CallsPiece)
    wait_until(lambda: is_seen(piece))
    door.show_piece("source")
    wait_until(lambda: not is_seen(piece))
    shown = piece.rows.rowCount()
    dial().sendall(b"hidden")
    recorder = desk.classroom.recorder
    wait_until(lambda: any(c.result == b"hidden" for c in recorder.calls_after(0)))
    assert piece.rows.rowCount() == shown
    door.show_piece("calls")
    wait_until(lambda: any("b'hidden'" in line for line in lines(piece)))


@pytest.mark.parametrize(
    ("name", "result", "token"),
    [
        ("recv", b"x", "received"),
        ("send", 1, "sent"),
        ("accept", BlockingIOError(), "secondary"),  # nothing failed: it would have waited
        ("send", BlockingIOError(), "secondary"),
        ("recv", ConnectionResetError(), "error"),
        ("bind", None, "text"),
    ],
)
def test_one_verdict_on_what_came_of_a_call(name: str, result: object, token: str) -> None:
    assert call_token(Call(1, 1, name, 0, -1, (), result, 0, 1, ()), "text") == token
