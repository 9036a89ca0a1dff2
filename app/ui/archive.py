"""Which journal the table and the log show: the live one, or an old one, read-only."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.client_servers import ClientServers
from app.journal.refs import ClientRef
from app.models.client_row import RecordedClient
from app.models.client_table import surplus_of
from app.models.log_task import LogTask, reader_like
from app.models.task import TaskSlot
from app.net.facts import Endpoint
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bridge.controller import Controller
    from app.journal.reader import Reader
    from app.net.session import Session
    from app.ui.classroom.exhibit import Exhibit
    from app.ui.clients import ClientPanel
    from app.ui.log import LogPanel
    from app.ui.notices import Notices


class _Clients:
    """Whom an old journal knows: read in the background, for thousands take a while."""

    def __init__(self, reader: Reader) -> None:
        self.path, self.key = reader.path, reader.key
        self.totals: dict[int, tuple[int, int]] = {}
        records = reader.clients().values()
        openings = {opening.server_id: opening for opening in reader.openings()}
        self.rows = [
            RecordedClient(record, self.key, self.totals, openings.get(record.server_id))
            for record in records
        ]
        self.encodings = {row.client_id: row.encoding for row in self.rows}
        self.names = {row.client_id: row.endpoint for row in self.rows}
        self.servers = ClientServers()
        for record in records:
            self.servers.note(record.client_id, record.server_id)


class Archive(QObject):
    """Switches table and log between the live journal and an old one.

    The server goes on meanwhile: its news is taken up again on the way back. GUI thread.
    """

    changed = Signal()  # another journal is shown

    def __init__(
        self,
        controller: Controller,
        clients: ClientPanel,
        log: LogPanel,
        notices: Notices,
        folder: Path,
    ) -> None:
        """`folder` is where this user's journals are."""
        super().__init__(log)
        self._controller = controller
        self._clients = clients
        self._log = log
        self._notices = notices
        self._folder = folder
        self._reader: Reader | None = None
        self._opening, self._counting = TaskSlot(clients), TaskSlot(clients)
        self._opening.done.connect(self._show)
        self._exhibit: Exhibit | None = None  # whose journal the log shows instead
        self._names: dict[int, Endpoint] = {}  # the old journal's clients
        self._servers = ClientServers()  # the same
        self._encodings: dict[int, str] = {}  # the old journal's clients, as the user reads them

    @property
    def shown(self) -> bool:
        """Whether an old journal is shown."""
        return self._reader is not None

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands about journals do."""
        return {"open_journal": self.choose, "journals": self.manage, "live_journal": self.leave}

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        return {"live_journal": "" if self.shown else "window.why_live"}

    def choose(self) -> None:
        """Let the user choose a file, and show it."""
        from app.ui.files import file_to_open

        path = file_to_open(
            self._log.window(),
            tr("window.open_journal_title"),
            tr("window.journal_filter"),
            str(self._folder),
        )
        if path is not None:
            self.enter(path)

    def manage(self) -> None:
        """The journals that are kept: open one, delete some."""
        from app.ui.journals import JournalsDialog

        dialog = JournalsDialog(self._folder, self._controller, self._log.window())
        dialog.open_requested.connect(self.enter)
        dialog.journal_about_to_drop.connect(self._before_drop)
        dialog.journal_dropped.connect(self._on_dropped)
        dialog.exec()
        dialog.deleteLater()

    def offer_crashed(self) -> None:
        """Offer what a crash left, and let the oldest journals go, in the background."""
        self._notices.offer_crashed(self._folder, self.enter)

    def _before_drop(self) -> None:
        if self._reader is None:
            self._log.set_source(None, self._encoding_of, self._live_name)

    def _on_dropped(self) -> None:
        if self._reader is None:
            self._show_live()

    def enter(self, path: Path) -> None:
        """Show the journal at `path` once its clients are read; say why not if it cannot be."""
        from app.journal.reader import Reader

        task = LogTask(
            "journal-clients",
            lambda: Reader(path),
            lambda own, _task: _Clients(own),
            self._clients,
        )
        task.failed.connect(partial(self._say_unreadable, path))
        self._opening.start(task)

    def _say_unreadable(self, path: Path, reason: str) -> None:
        self._notices.say_error(
            lambda: tr("window.journal_unreadable", name=path.name, reason=reason)
        )

    def _show(self, known: _Clients) -> None:
        from app.journal.errors import JournalError
        from app.journal.reader import Reader

        path = known.path
        try:
            reader = Reader(path, key=known.key)
        except (JournalError, OSError) as error:  # meanwhile
            self._say_unreadable(path, str(error))
            return
        self._drop()
        self._reader = reader
        self._encodings, self._names = known.encodings, known.names
        self._servers = known.servers
        self._clients.show_records(known.rows)
        self._count_up(reader, known.totals)
        self._fill_log()
        self._notices.show_archive(path.name, self.leave)
        self.changed.emit()

    def _count_up(self, reader: Reader, totals: dict[int, tuple[int, int]]) -> None:
        """Fill `totals` in the background: a large journal takes a while."""

        def show(found: dict[int, tuple[int, int]]) -> None:
            totals.update(found)
            self._clients.refresh()

        task = LogTask(
            "journal-totals",
            partial(reader_like, reader),
            lambda own, task: own.totals(task.cancelled),
            self._clients,
        )
        task.done.connect(show)
        self._counting.start(task)

    def leave(self) -> None:
        """Back to the live journal."""
        self._opening.cancel()
        if self._reader is None:
            return
        self._drop()
        self._show_live()
        self.changed.emit()

    def close(self) -> None:
        """Let the old journal go; the program ends."""
        self._opening.stop()
        self._log.set_source(None, self._encoding_of, lambda _id: None)
        self._drop()

    def _drop(self) -> None:
        if self._reader is not None:
            self._counting.stop()
            # The log lets go of the reader before it is closed under it.
            self._log.set_source(None, self._encoding_of, lambda _id: None)
            self._reader.close()
            self._reader = None
        self._notices.hide_archive()

    def _show_live(self) -> None:
        self._clients.show_sessions(list(self._controller.sessions.values()))
        self._fill_log()

    # -- the log, on the stage -------------------------------------------------------------

    def lend_log(self, exhibit: Exhibit) -> None:
        """Show what is on display on the stage in the log; the table stays as it is."""
        wanted = None if exhibit.is_own else exhibit
        if wanted is not self._exhibit:
            self._exhibit = wanted
            self._fill_log()

    def on_exhibit_news(self) -> None:
        """What is on display on the stage has grown."""
        reader = self._exhibit.reader if self._exhibit is not None else None
        if reader is None:
            return
        if self._log.journal is not reader.key:
            self._fill_log()
        self._log.entries_arrived(reader.last_id)

    def _fill_log(self) -> None:
        controller, exhibit = self._controller, self._exhibit
        own = exhibit is None and self._reader is None
        clients = controller.client_servers if own else self._servers
        self._log.framing.framings.set_clients(clients)
        if exhibit is not None:
            names = partial(_endpoint, exhibit.reader)
            self._log.set_source(exhibit.reader, exhibit.encoding_of, names)
            return
        if self._reader is not None:
            self._log.set_source(self._reader, self._encoding_of, self._names.get)
            return
        self._log.set_source(
            controller.reader,
            self._live_encoding,
            self._live_name,
            lambda: controller.settings.server.recv_size_bytes,
        )

    def _live_encoding(self, client_id: int) -> str:
        journal = self._controller.journal
        if journal is None:
            return self._controller.settings.server.encoding
        return self._controller.orders.encoding_of(ClientRef(journal.key, client_id))

    def _live_name(self, client_id: int) -> Endpoint | None:
        reader = self._controller.reader
        if reader is None:
            return None
        session = self._controller.sessions.get(ClientRef(reader.key, client_id))
        return session.endpoint if session is not None else _endpoint(reader, client_id)

    def _encoding_of(self, client_id: int) -> str:
        return self._encodings.get(client_id) or self._controller.settings.server.encoding

    def set_encoding(self, clients: Sequence[ClientRef], encoding: str) -> None:
        """The user chose how the bytes of these clients are read."""
        if self._reader is None or any(c.journal is not self._reader.key for c in clients):
            self._controller.orders.set_encoding(clients, encoding)
        else:
            self._encodings.update((client.number, encoding) for client in clients)
            self._clients.set_record_encoding(clients, encoding)
            self._log.forget(clients)

    # -- news of the live journal, which waits while an old one is shown -------------------

    def on_new_journal(self) -> None:
        """The controller has made a live journal."""
        if self._reader is None:
            self._show_live()

    def on_joined(self, sessions: Sequence[Session]) -> None:
        """Clients were accepted."""
        if self._reader is None:
            self._clients.add(sessions)

    def on_left(self, sessions: Sequence[Session]) -> None:
        """Clients went offline."""
        if self._reader is None:
            self._clients.left(sessions)
        else:  # no table holds them, and it may be long until one does
            self._controller.forget_clients(surplus_of(self._controller.sessions.values()))

    def on_entries(self, last_id: int) -> None:
        """The live journal has grown."""
        if self._reader is None:
            if self._exhibit is None:
                self._log.entries_arrived(last_id)
            self._clients.refresh()

    def on_encoding_changed(self, clients: Sequence[ClientRef]) -> None:
        """Live clients are read differently from now on."""
        if self._reader is None:
            self._log.forget(clients)
            self._clients.refresh()


def _endpoint(reader: Reader | None, client_id: int) -> Endpoint | None:
    record = reader.client(client_id) if reader is not None else None
    return Endpoint(record.host, record.port) if record else None
