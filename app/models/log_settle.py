"""Making sure of rows whose stream's history was too long to walk back at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from app.journal.context import ContextDecoder, Shown
from app.journal.entry import Entry
from app.journal.reader import Reader
from app.models.log_encodings import JournalEncodings
from app.models.log_task import LogTask


class LogSettle(LogTask):
    """Hands over `(entry_id, Shown)` for the entries asked for last, one by one."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        chosen: Mapping[int, str],
        default: str,
        parent: QObject | None = None,
    ) -> None:
        """`chosen` and `default` as for JournalEncodings."""
        super().__init__("log-settle", new_reader, self._settle, parent)
        self._chosen = chosen
        self._default = default
        self._wanted: list[Entry] = []
        self._news = threading.Event()

    def ask(self, entries: list[Entry]) -> None:
        """These are on the screen now; earlier ones are of no interest any more. GUI thread."""
        self._wanted = entries
        self._news.set()

    def cancel(self) -> None:
        """Ask the thread to end; returns at once."""
        super().cancel()
        self._news.set()

    def _settle(self, reader: Reader, _task: LogTask) -> None:
        decoder = ContextDecoder(reader, JournalEncodings(reader, self._chosen, self._default).of)
        while not self.cancelled():
            self._news.wait()
            self._news.clear()
            wanted = self._wanted
            for entry in wanted:
                if wanted is not self._wanted or self.cancelled():
                    break
                decoder.settle(entry, self.cancelled)
                shown: Shown = decoder.decode(entry)
                # What stays in doubt (its beginning was deleted) has been looked at as far as
                # there is anything to look at.
                self.deliver((entry.id, shown._replace(unsure=False)))
