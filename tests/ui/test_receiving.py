"""Receiving to files from the window: begun by a menu, seen while it runs, stopped there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.ui.application import Program
from app.ui.receiving.dialog import ReceiveDialog
from app.ui.widgets import Banner
from tests.support.wait import wait_until
from tests.support.window import running

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def program(qapp: QApplication, user_home: Path) -> Iterator[Program]:
    with running(qapp, host="127.0.0.1", port=0, language="en") as program:
        program.controller.open_server()
        yield program


@pytest.fixture
def wished(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Type this folder into the dialog, and begin."""
    folder = tmp_path / "new" / "folder"

    def answer(dialog: ReceiveDialog) -> int:
        dialog.folder.setText(str(folder))
        dialog.what.setCurrentIndex(dialog.what.findData("both"))
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(ReceiveDialog, "exec", answer)
    return folder


def dial(program: Program) -> socket.socket:
    return socket.create_connection(program.controller.endpoints[0], 5)


def banner(program: Program) -> Banner:
    return program.window.notices._banner("receiving")


def written(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.glob("*.bin"))


def press(program: Program, words: str) -> None:
    (button,) = [b for b in banner(program).findChildren(QPushButton) if b.text() == words]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_all_of_a_server_until_stopped(program: Program, wished: Path) -> None:
    program.window.commands["receive"].trigger()
    with dial(program) as client:
        client.sendall(b"hello")
        wait_until(lambda: "5 B" in banner(program).text and str(wished) in banner(program).text)
        press(program, "Stop")
        wait_until(banner(program).isHidden)
        client.sendall(b"after")
        wait_until(lambda: program.controller.journal is not None
                   and program.controller.journal.bytes_in == 10)  # fmt: skip
    assert written(wished) == [b"hello"]
    settings = program.controller.settings
    assert (settings.receive_folder, settings.receive_what) == (str(wished), "both")


def test_one_client_by_its_menu(program: Program, wished: Path) -> None:
    with dial(program) as one, dial(program) as other:
        clients = program.window.clients
        wait_until(lambda: clients.rows.rowCount() == 2)
        port = one.getsockname()[1]
        session = next(s for s in program.controller.sessions.values() if s.endpoint.port == port)
        clients.receive_requested.emit(session.ref)
        other.sendall(b"other")
        one.sendall(b"mine")
        wait_until(lambda: "4 B" in banner(program).text)
        one.close()
        wait_until(banner(program).isHidden)  # it has ended with its client
    assert written(wished) == [b"mine"]


def test_what_cannot_be_a_folder_is_said_there(program: Program, tmp_path: Path) -> None:
    dialog = ReceiveDialog("x", program.controller.settings, program.window)
    (tmp_path / "file").write_text("")
    for text in (
        "",
        str(tmp_path / "file"),
        str(tmp_path / "file" / "in"),
        "~nobody-of-this-name/x",
    ):
        dialog.folder.setText(text)
        dialog.accept()
        assert dialog.error.text()
        assert not dialog.result()
    dialog.deleteLater()


def test_a_trouble_is_a_sentence_and_goes_by_itself(program: Program, wished: Path) -> None:
    program.window.commands["receive"].trigger()
    wished.rmdir()
    with dial(program) as client:
        client.sendall(b"hello")
        wait_until(lambda: "goes on by itself" in banner(program).text)
        wished.mkdir()
        wait_until(lambda: "5 B" in banner(program).text)
    assert written(wished) == [b"hello"]


def test_the_end_of_the_program_loses_nothing(program: Program, wished: Path) -> None:
    program.window.commands["receive"].trigger()
    with dial(program) as client:
        client.sendall(b"last")
        journal = program.controller.journal
        wait_until(lambda: journal is not None and journal.bytes_in == 4)
        program.window.end()
        program.stop()
    assert written(wished) == [b"last"]


def test_enter_in_a_field_begins(program: Program, tmp_path: Path) -> None:
    dialog = ReceiveDialog("x", program.controller.settings, program.window)
    dialog.show()
    dialog.folder.setText(str(tmp_path))
    dialog.folder.setFocus()
    QTest.keyClick(dialog.folder, Qt.Key.Key_Return)
    assert dialog.result()
    dialog.deleteLater()
