"""A client's run once more, from the table's menu, and both runs side by side."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from app.journal.entry import Kind
from app.ui.application import Program
from app.ui.replay.compare import CompareDialog
from app.ui.replay.dialog import ReplayDialog
from app.wording import tr
from tests.evidence.journals import Made
from tests.support.wait import wait_until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Start = Callable[..., Program]
SENT = [b"login 1\r\n", "泵坏了\r\n".encode("gbk"), bytes(range(256))]


def open_replay(program: Program, number: int) -> ReplayDialog:
    rows = program.window.clients.rows
    client = next(
        rows.client(at) for at in range(rows.rowCount()) if rows.client(at).ref.number == number
    )
    program.window.service.replay(client.ref)
    return program.window.findChildren(ReplayDialog)[-1]


def choose_speed(dialog: ReplayDialog, speed: int) -> None:
    dialog.speed.setCurrentIndex(dialog.speed.findData(speed))


def test_what_a_client_sent_comes_again_and_is_equal(start: Start) -> None:
    program = start()
    program.window.service.open()
    wait_until(lambda: program.controller.endpoints)
    with socket.create_connection(program.controller.endpoints[0], 5) as client:
        for number, data in enumerate(SENT, 1):
            client.sendall(data)
            wait_until(lambda number=number: program.window.log.rows.count >= 2 + number)
        dialog = open_replay(program, 1)
        choose_speed(dialog, 0)
        assert dialog.target.currentText().startswith("tcp://127.0.0.1:")
        dialog.buttons["begin"].click()
        sha = hashlib.sha256(b"".join(SENT)).hexdigest()
        wait_until(lambda: sha in dialog.said.text())
    reader = program.controller.reader
    assert reader is not None
    wait_until(lambda: b"".join(e.data for e in reader.ahead(2, Kind.IN, 0, 99)) == b"".join(SENT))
    record = program.controller.sessions
    assert [session.is_demo for session in record.values()] == [False, True]
    wait_until(lambda: (found := reader.client(2)) and found.note == tr("replay.note", number=1))
    program.window.log.framing.framings.set_default("fixed:8")
    dialog.buttons["compare"].click()
    compare = program.window.findChildren(CompareDialog)[-1]
    wait_until(lambda: compare.model.comparison.rows)
    assert {row.mark for row in compare.model.comparison.rows} == {"="}
    assert compare.said.text().startswith(tr("compare.equal", same=compare.model.rowCount()))
    compare.copy()
    assert r"login 1\r" in QGuiApplication.clipboard().text()


def test_from_an_old_journal_to_nowhere_and_to_a_bad_address(start: Start, tmp_path: Path) -> None:
    with Made(tmp_path / "old.db") as made:
        made.client(3, "10.0.0.9", 5)
        made.client(4, "10.0.0.9", 6)
        for data in SENT:
            made.chunk(3, Kind.IN, data)
    program = start()
    program.window.archive.enter(made.path)
    wait_until(lambda: program.window.archive.shown)
    assert not open_replay(program, 4).buttons["begin"].isEnabled()  # it sent nothing
    dialog = open_replay(program, 3)
    dialog.target.setEditText("ftp://x")
    dialog.buttons["begin"].click()
    assert dialog.error.text() == tr("replay.bad_target", value="ftp://x")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        dialog.target.setEditText(f"127.0.0.1:{port}")
        dialog.buttons["begin"].click()
        wait_until(lambda: "refused" in dialog.said.text())
    assert dialog.buttons["begin"].isEnabled()
    assert not dialog.buttons["compare"].isEnabled()  # no server of ours heard it


def test_an_old_run_is_compared_after_its_journal_was_left(start: Start, tmp_path: Path) -> None:
    with Made(tmp_path / "old.db") as made:
        made.client(1, "10.0.0.9", 5)
        for data in SENT:
            made.chunk(1, Kind.IN, data)
    program = start()
    program.window.service.open()
    program.window.archive.enter(made.path)
    wait_until(lambda: program.window.archive.shown)
    program.window.log.framing.framings.set_default("fixed:8")
    dialog = open_replay(program, 1)
    choose_speed(dialog, 0)
    program.window.archive.leave()
    dialog.buttons["begin"].click()
    wait_until(dialog.buttons["compare"].isEnabled)
    dialog.buttons["compare"].click()
    compare = program.window.findChildren(CompareDialog)[-1]
    wait_until(lambda: compare.model.comparison.rows)
    assert {row.mark for row in compare.model.comparison.rows} == {"="}


def test_it_is_paused_goes_on_and_stops(start: Start, tmp_path: Path) -> None:
    with Made(tmp_path / "old.db") as made:
        made.client(1, "10.0.0.9", 5)
        for _ in range(3_000):
            made.chunk(1, Kind.IN, b"x" * 10)
    program = start()
    program.window.archive.enter(made.path)
    wait_until(lambda: program.window.archive.shown)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        dialog = open_replay(program, 1)
        choose_speed(dialog, 0)
        dialog.target.setEditText(f"127.0.0.1:{listening.getsockname()[1]}")
        dialog.buttons["begin"].click()
        dialog.buttons["pause"].click()
        with listening.accept()[0] as accepted:
            accepted.settimeout(10)
            dialog.buttons["pause"].click()
            assert accepted.recv(10) == b"x" * 10
            dialog.buttons["stop"].click()
            wait_until(lambda: dialog.buttons["begin"].isEnabled())
