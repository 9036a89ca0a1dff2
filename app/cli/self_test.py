"""The program tries itself out: a real client, a real port, a real journal, the window's models.

It needs no display and leaves nothing behind. A packaged program proves with it that it is whole.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication

from app.arguments import Arguments
from app.bridge.controller import Controller, ServerState
from app.cli.output import Output
from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.models.client_table import ClientTableModel
from app.models.log_rows import LogRows
from app.net.facts import CloseReason, ListenError
from app.settings import Settings, changed
from app.wording import set_language, system_language, tr
from app.wording.sentences import listen_error_sentence

DEADLINE_S = 4.0  # for everything together
LOOK_S = 0.002

GREETING = "Hello Neo 你好"
REPLY = "交易正在处理"
ENCODING = "gbk"
_BYTES = GREETING.encode(ENCODING)
# Inside 好: the first recv ends with half a character.
FIRST, SECOND = _BYTES[:-1], _BYTES[-1:]


class SelfTestFailed(Exception):
    """Something is not as it must be; the text is the sentence."""


def run_self_test(arguments: Arguments) -> int:
    """Print one line; return 0 if all is well, else 1. Main thread."""
    set_language(str(arguments.overrides.get("language") or system_language()))
    begun_s = time.monotonic()
    try:
        with TemporaryDirectory(prefix="portside-", ignore_cleanup_errors=True) as folder:
            _try_out(Path(folder) / "self-test.db")
        line, code = tr("console.self_test_passed", s=f"{time.monotonic() - begun_s:.1f}"), 0
    except SelfTestFailed as failed:
        line, code = tr("console.self_test_failed", reason=failed), 1
    except Exception as error:  # noqa: BLE001 - whatever breaks is what is looked for
        reason = f"{type(error).__name__}: {error}"
        line, code = tr("console.self_test_failed", reason=reason), 1
    Output().lines([line])
    return code


def _try_out(path: Path) -> None:
    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    stage = Stage(path)
    try:
        stage.play()
    finally:
        stage.close()
        application.processEvents()
    _check_journal(path)


class Stage:
    """The program without its widgets. Main thread."""

    def __init__(self, path: Path) -> None:
        self._until_s = time.monotonic() + DEADLINE_S
        settings = changed(
            Settings(),
            host="127.0.0.1",
            port=0,
            encoding=ENCODING,
            reply_mode="text",
            reply_text=REPLY,
        )
        self.table = ClientTableModel()
        self.rows = LogRows()
        self.controller = Controller(settings, lambda on_news: Journal(path, on_news=on_news))
        self.controller.clients_joined.connect(self.table.add)
        self.controller.clients_left.connect(self.table.mark_offline)
        self.controller.journal_opened.connect(self._show_journal)
        self.controller.entries_arrived.connect(self.rows.entries_arrived)
        self.controller.open_failed.connect(self._on_open_failed)
        self._open_error: ListenError | None = None

    def play(self) -> None:
        """Open, receive, answer, see the client go, close. Raises SelfTestFailed."""
        self.controller.open_server()
        if self._open_error is not None:
            raise SelfTestFailed(listen_error_sentence(self._open_error))
        with socket.create_connection(self.controller.endpoints[0], DEADLINE_S) as client:
            self._talk(client)
            self._wait(self._table_is_right, "console.self_test_table")
            self._wait(self._log_is_right, "console.self_test_log")
        self._wait(lambda: self.table.offline_count == 1, "console.self_test_offline")
        self.controller.close_server()
        self._wait(lambda: self.controller.state is ServerState.CLOSED, "console.self_test_closing")

    def close(self) -> None:
        """End every thread, whatever happened before."""
        self.rows.close_source()
        self.controller.shutdown()

    def _talk(self, client: socket.socket) -> None:
        """Send the greeting in two parts, the second after the first was received."""
        journal = self.controller.journal
        assert journal is not None
        client.sendall(FIRST)
        self._wait(lambda: journal.bytes_in == len(FIRST), "console.self_test_receiving")
        client.sendall(SECOND)
        wanted = REPLY.encode(ENCODING) * 2  # an answer to each chunk
        answer = b""
        while len(answer) < len(wanted):
            part = client.recv(1024)
            if not part:
                break
            answer += part
        if answer != wanted:
            raise SelfTestFailed(tr("console.self_test_reply"))

    def _table_is_right(self) -> bool:
        if self.table.online_count != 1:
            return False
        client = self.table.client(0)
        sent_bytes = 2 * len(REPLY.encode(ENCODING))
        return (client.bytes_in, client.bytes_out) == (len(_BYTES), sent_bytes)

    def _log_is_right(self) -> bool:
        """Each part of the split character stands where it belongs, and each answer."""
        rows = [row for row in self.rows.rows(0, self.rows.count) if row.is_chunk]
        received = [row for row in rows if row.kind == Kind.IN]
        sent = [row.text for row in rows if row.kind == Kind.OUT]
        texts = [(row.text, row.waiting_bytes, row.continues) for row in received]
        return sent == [REPLY] * 2 and texts == [
            (GREETING[:-1], 1, False),
            (GREETING[-1:], 0, True),
        ]

    def _wait(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Let Qt work until `is_so`. Raises SelfTestFailed with the words of key `otherwise`."""
        while not is_so():
            if time.monotonic() > self._until_s:
                raise SelfTestFailed(tr(otherwise))
            QCoreApplication.processEvents()
            time.sleep(LOOK_S)

    def _show_journal(self) -> None:
        controller = self.controller
        self.rows.set_source(controller.reader, controller.encoding_of, lambda _: None)

    def _on_open_failed(self, error: ListenError) -> None:
        self._open_error = error


def _check_journal(path: Path) -> None:
    """Read the closed journal as any later start would."""
    reader = Reader(path)
    try:
        entries = reader.entries(reader.first_id, 100)
        clients = list(reader.clients().values())
    finally:
        reader.close()
    received = [entry.data for entry in entries if entry.kind == Kind.IN]
    if received != [FIRST, SECOND] or [c.reason for c in clients] != [CloseReason.FIN]:
        raise SelfTestFailed(tr("console.self_test_journal"))
