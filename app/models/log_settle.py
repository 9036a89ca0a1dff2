"""Making sure of rows whose stream's history was too long to walk back at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.journal.context import ContextDecoder, Settled
from app.models.log_encodings import JournalEncodings
from app.models.log_task import LogTask

if TYPE_CHECKING:
    from app.journal.entry import Entry
    from app.journal.reader import Reader

REST_S, RESTED_S = 0.03, 0.2  # how long nobody has asked, before it begins; the most it waits
DELIVER_S = 0.05  # between two deliveries: each makes the log paint anew


class LogSettle(LogTask):
    """Hands over `Settled`s, for the page's decoder to learn, of the entries asked for last."""

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
        self._wanted: dict[int, Entry] = {}
        self._news = threading.Event()

    def ask(self, entries: list[Entry]) -> None:
        """These are on the screen now; earlier ones are of no interest any more. GUI thread."""
        self._wanted = {entry.id: entry for entry in entries}
        self._news.set()

    def cancel(self) -> None:
        """Ask the thread to end; returns at once."""
        super().cancel()
        self._news.set()

    def _settle(self, reader: Reader, _task: LogTask) -> None:
        decoder = ContextDecoder(reader, JournalEncodings(reader, self._chosen, self._default).of)
        while not self.cancelled():
            self._news.wait()
            self._rest()
            self._settle_all(decoder, self._wanted)

    def _rest(self) -> None:
        """Leave the interpreter to the window while the user scrolls on and on."""
        begun_s = time.monotonic()
        while self._news.is_set() and not self.cancelled():
            self._news.clear()
            if time.monotonic() - begun_s < RESTED_S:
                self._news.wait(REST_S)

    def _settle_all(self, decoder: ContextDecoder, wanted: dict[int, Entry]) -> None:
        found: Settled = {}
        delivered_s = time.monotonic()
        for entry in wanted.values():
            # What was asked for since may hold the same entry: a long way is not begun anew then.
            found |= decoder.settle(entry, partial(self._is_idle, entry.id))
            if time.monotonic() - delivered_s >= DELIVER_S:
                self.deliver(found)
                found, delivered_s = {}, time.monotonic()
            if wanted is not self._wanted or self.cancelled():
                break
        if found:
            self.deliver(found)

    def _is_idle(self, entry_id: int) -> bool:
        """Whether nobody wants to know of an entry any more."""
        return self.cancelled() or entry_id not in self._wanted
