"""A client comes, sends a character in two parts, is answered and leaves; the window shows it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.bridge.controller import ServerState
from app.journal.entry import Kind
from app.journal.reader import Reader
from app.net.facts import CloseReason, ListenError
from app.self_test.steps import SelfTestFailed, Steps
from app.ui.application import Program
from app.wording import tr
from app.wording.sentences import listen_error_sentence

DEADLINE_S = 40.0  # for the visit as a whole
LOOK_S = 0.002

GREETING = "Hello Neo 你好"
REPLY = "交易正在处理"
ENCODING = "gbk"
SETTINGS = {
    "host": "127.0.0.1",
    "port": 0,
    "encoding": ENCODING,
    "reply_mode": "text",
    "reply_text": REPLY,
}
_BYTES = GREETING.encode(ENCODING)
# Inside 好: the first recv ends with half a character.
FIRST, SECOND = _BYTES[:-1], _BYTES[-1:]
_ANSWERS = REPLY.encode(ENCODING) * 2  # one to each chunk


class Visit:
    """One client at a program whose window is shown. Main thread."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._controller = program.controller
        self._window = program.window
        self._until_s = time.monotonic() + DEADLINE_S
        self._open_error: ListenError | None = None
        self._controller.open_failed.connect(self._on_open_failed)
        self._client: socket.socket | None = None

    def make(self, steps: Steps) -> bool:
        """Take every step up to the first that fails; return whether none did."""
        try:
            return all(
                steps.take(name, do)
                for name, do in (
                    ("window", self._see_window),
                    ("port", self._open),
                    ("reply", self._talk),
                    ("table", self._see_table),
                    ("log", self._see_log),
                    ("leaving", self._leave),
                    ("closing", self._close),
                )
            )
        finally:
            if self._client is not None:
                self._client.close()

    def _see_window(self) -> None:
        self._wait(self._is_on_screen, "console.self_test_window")

    def _is_on_screen(self) -> bool:
        handle = self._window.windowHandle()
        return handle is not None and handle.isExposed()

    def _open(self) -> None:
        self._window.service.open()
        if self._open_error is not None:
            raise SelfTestFailed(listen_error_sentence(self._open_error))
        if self._controller.state is not ServerState.OPEN:
            raise SelfTestFailed(tr("console.self_test_port"))

    def _talk(self) -> None:
        """Send the greeting in two parts, the second after the first was received."""
        journal = self._controller.journal
        assert journal is not None
        client = socket.create_connection(self._controller.endpoints[0], DEADLINE_S)
        self._client = client
        client.sendall(FIRST)
        self._wait(lambda: journal.bytes_in == len(FIRST), "console.self_test_receiving")
        client.sendall(SECOND)
        answer = b""
        while len(answer) < len(_ANSWERS) and (part := client.recv(1024)):
            answer += part
        if answer != _ANSWERS:
            raise SelfTestFailed(tr("console.self_test_reply"))

    def _see_table(self) -> None:
        self._wait(self._table_is_right, "console.self_test_table")

    def _table_is_right(self) -> bool:
        table, rows = self._window.clients.table, self._window.clients.rows
        if rows.online_count != 1:
            return False
        client = rows.client(0)
        counts = (client.bytes_in, client.bytes_out) == (len(_BYTES), len(_ANSWERS))
        return counts and table.isVisible() and not table.visualRect(rows.index(0, 0)).isEmpty()

    def _see_log(self) -> None:
        self._wait(self._log_is_right, "console.self_test_log")

    def _log_is_right(self) -> bool:
        """Each part of the split character stands where it belongs, and each answer."""
        shown = self._window.log.rows
        rows = [row for row in shown.rows(0, shown.count) if row.is_chunk]
        received = [row for row in rows if row.kind == Kind.IN]
        sent = [row.text for row in rows if row.kind == Kind.OUT]
        texts = [(row.text, row.waiting_bytes, row.continues) for row in received]
        return sent == [REPLY] * 2 and texts == [
            (GREETING[:-1], 1, False),
            (GREETING[-1:], 0, True),
        ]

    def _leave(self) -> None:
        assert self._client is not None
        self._client.close()
        rows = self._window.clients.rows
        self._wait(lambda: rows.offline_count == 1, "console.self_test_offline")

    def _close(self) -> None:
        self._window.service.close()
        self._wait(
            lambda: self._controller.state is ServerState.CLOSED, "console.self_test_closing"
        )

    def _wait(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Let Qt work until `is_so`. Raises SelfTestFailed with the words of key `otherwise`."""
        while not is_so():
            if time.monotonic() > self._until_s:
                raise SelfTestFailed(tr(otherwise))
            QCoreApplication.processEvents()
            time.sleep(LOOK_S)

    def _on_open_failed(self, error: ListenError) -> None:
        self._open_error = error


def check_journal(path: Path) -> None:
    """Read the closed journal as any later start would. Raises SelfTestFailed."""
    reader = Reader(path)
    try:
        entries = reader.entries(reader.first_id, 100)
        clients = list(reader.clients().values())
    finally:
        reader.close()
    received = [entry.data for entry in entries if entry.kind == Kind.IN]
    if received != [FIRST, SECOND] or [c.reason for c in clients] != [CloseReason.FIN]:
        raise SelfTestFailed(tr("console.self_test_journal"))
