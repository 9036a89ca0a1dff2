"""Rows made on demand, and kept for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.context import ContextDecoder, Settled
from app.journal.history import GLANCE_BYTES, GLANCE_ENTRIES, Reach
from app.models.log_row import LogRow, RowMaker
from app.models.log_settle import LogSettle
from app.wording.journal_servers import JournalServers

if TYPE_CHECKING:
    from app.journal.entry import Entry
    from app.journal.reader import Reader
    from app.net.facts import Endpoint

KEPT_ROWS = 2_048  # about 8 MB when every chunk is long


class LogPage(QObject):
    """The rows of one journal's entries. GUI thread; raises JournalUnreadable if the disk fails."""

    settled = Signal()  # rows that were uncertain are right now

    def __init__(
        self,
        reader: Reader,
        encoding_of: Callable[[int], str],
        client_name: Callable[[int], Endpoint | None],
        recv_size: Callable[[], int],
        new_reader: Callable[[], Reader],
        parent: QObject | None = None,
    ) -> None:
        """The arguments are those of `LogRows.set_source`."""
        super().__init__(parent)
        self._reader = reader
        self._encoding_of = encoding_of
        self._new_reader = new_reader
        # The window must not wait while a decoder reads back: what that leaves in doubt is shown
        # as it seems, marked, and settled in the background.
        self._reach = Reach(GLANCE_ENTRIES, GLANCE_BYTES)
        self.decoder = ContextDecoder(reader, encoding_of, self._reach)
        servers = JournalServers(reader, reader.client)
        self.maker = RowMaker(self.decoder, client_name, recv_size, servers)
        self._today = time.localtime()[:3]
        self._kept: dict[int, LogRow] = {}
        self._chosen: dict[int, str] = {}
        self._settle: LogSettle | None = None

    @property
    def chosen_encodings(self) -> dict[int, str]:
        """Encodings that changed since, by client: a copy."""
        return dict(self._chosen)

    @property
    def default_encoding(self) -> str:
        """The encoding of a client that nobody knows: no client has the number 0."""
        return self._encoding_of(0)

    def close(self) -> None:
        """Let the background thread go, if there is one."""
        if self._settle is not None:
            self._settle.stop()
            self._settle = None

    def clear(self) -> None:
        """Make every row anew."""
        self._kept.clear()

    def forget(self, client_ids: Collection[int]) -> None:
        """Make the rows of these clients anew: their encoding has changed."""
        self.close()
        for client_id in client_ids:
            self._chosen[client_id] = self._encoding_of(client_id)
        self.decoder.forget(client_ids)
        self._kept = {
            key: row for key, row in self._kept.items() if row.client_id not in client_ids
        }

    def rows(self, ids: Sequence[int]) -> list[LogRow]:
        """Return the rows of these entries, ids ascending; those that are gone are left out."""
        self._reach.renew()
        today = time.localtime()[:3]
        if today != self._today:  # what was today's has a date now
            self._today = today
            self.clear()
            self.maker.forget_times()
        found = {entry_id: self._kept[entry_id] for entry_id in ids if entry_id in self._kept}
        uncertain: list[Entry] = []
        for entry in self._fetch([entry_id for entry_id in ids if entry_id not in found]):
            row = found[entry.id] = self.maker.make(entry)
            if row.unsure:
                uncertain.append(entry)
            # An unfinished character may be finished by what comes, or never: look again.
            if row.final and not row.unsure and not row.waiting_bytes:
                self._keep(row)
        if uncertain:
            self._ask(uncertain)
        return [found[entry_id] for entry_id in ids if entry_id in found]

    def _fetch(self, ids: list[int]) -> list[Entry]:
        if not ids:
            return []
        if ids[-1] - ids[0] == len(ids) - 1:
            return self._reader.entries(ids[0], len(ids))
        return self._reader.pick(ids)

    def _keep(self, row: LogRow) -> None:
        if len(self._kept) >= KEPT_ROWS:
            for entry_id in list(islice(self._kept, KEPT_ROWS // 2)):
                del self._kept[entry_id]
        self._kept[row.id] = row

    def _ask(self, uncertain: list[Entry]) -> None:
        if self._settle is None:
            self._settle = LogSettle(
                self._new_reader, self.chosen_encodings, self.default_encoding, self
            )
            self._settle.delivered.connect(self._on_settled)
            self._settle.start()
        self._settle.ask(uncertain)

    def _on_settled(self, settled: Settled) -> None:
        if self.sender() is self._settle:
            self.decoder.learn(settled)
            self.settled.emit()  # no row in doubt was kept: each is made anew
