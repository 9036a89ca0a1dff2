"""The rows of the log: which entries it shows, and what each row says.

Unfiltered, a row's number is its entry's id less the first shown id; filtered, it is an index into
the ids found in the background. Row numbers change when old entries are deleted or older matches
are found; ids never do, so whoever wants to stay at a place remembers an id.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.context import ContextDecoder
from app.journal.entry import Entry
from app.journal.errors import JournalError
from app.models.log_fill import Found, LogFill
from app.models.log_filter import LogFilter
from app.models.log_ids import FoundIds
from app.models.log_page import LogPage
from app.models.log_row import LogRow
from app.models.log_task import reader_like
from app.net.facts import Endpoint

if TYPE_CHECKING:
    from app.journal.reader import Reader

ALL = LogFilter()


class LogRows(QObject):
    """What the log shows of one journal, live or old. GUI thread.

    `close_source` must be called before the journal is closed, and at the end.
    """

    changed = Signal()  # rows came or went at either end
    altered = Signal()  # rows look different now, or other rows are shown altogether
    filling_changed = Signal(bool)  # the filter has begun or ended its way through the journal
    failed = Signal(str)  # the journal cannot be read: the system's own words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader: Reader | None = None
        self._new_reader: Callable[[], Reader] | None = None
        self._page: LogPage | None = None
        self._filter = ALL
        self._fill: LogFill | None = None
        self._filling = False
        self._found: FoundIds | None = None  # None: nothing is filtered
        self._cleared_id = 0  # rows begin after this id
        self._first_id = 1  # the oldest entry there is
        self._last_id = 0  # the newest entry we have been told of
        self._held_id: int | None = None  # paused: the newest that is shown

    # The source

    def set_source(
        self,
        reader: Reader | None,
        encoding_of: Callable[[int], str],
        client_name: Callable[[int], Endpoint | None],
        recv_size: Callable[[], int] = lambda: 0,
    ) -> None:
        """Show another journal, or None: all of it, with the filter of now and not paused.

        `client_name` gives a client's address, None where it is not known; `recv_size` how many
        bytes one recv returns at most now, 0 where nobody knows. `reader` stays the caller's; it
        and the callables are used in the GUI thread only.
        Background threads make readers of their own.
        """
        self.close_source()
        if reader is None:
            return
        self._reader = reader
        self._new_reader = partial(reader_like, reader)
        self._page = LogPage(reader, encoding_of, client_name, recv_size, self._new_reader, self)
        self._page.settled.connect(self.altered)
        self._first_id, self._last_id = reader.first_id, reader.last_id
        self._restart_filter()
        self.altered.emit()

    def close_source(self) -> None:
        """Show nothing, and end every background thread that reads the journal."""
        self._stop_fill()
        if self._page is not None:
            self._page.close()
            self._page.deleteLater()
        self._reader = self._new_reader = self._page = None
        self._found = None
        self._first_id, self._last_id = 1, 0
        self._cleared_id, self._held_id = 0, None
        self.altered.emit()

    @property
    def reader(self) -> Reader | None:
        """The GUI thread's reader of what is shown."""
        return self._reader

    @property
    def new_reader(self) -> Callable[[], Reader] | None:
        """Makes readers for background threads."""
        return self._new_reader

    @property
    def chosen_encodings(self) -> dict[int, str]:
        """Encodings that changed while this journal was shown, by client: a copy."""
        return self._page.chosen_encodings if self._page else {}

    @property
    def default_encoding(self) -> str:
        """The encoding of a client that nobody knows."""
        return self._page.default_encoding if self._page else "gbk"

    def entries_arrived(self, last_id: int) -> None:
        """There are entries up to `last_id` now, and old ones may be gone."""
        if self._reader is None:
            return
        self._last_id = last_id
        self._first_id = self._reader.first_id
        if self._found is None:
            self.changed.emit()
            return
        self._found.forget_below(self._first_id)
        if self._fill is not None:
            self._fill.follow(last_id)

    def forget(self, client_ids: Collection[int]) -> None:
        """The encoding of these clients has changed: decode their rows anew."""
        if self._page is not None:
            self._page.forget(client_ids)
            self.altered.emit()

    def retranslate(self) -> None:
        """The language has changed: events say the same in other words."""
        if self._page is not None:
            self._page.clear()
        self.altered.emit()

    # Rows

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._end - self._start

    @property
    def _start(self) -> int:
        """The index of the first row, in ids or in found ids."""
        first_id = max(self._first_id, self._cleared_id + 1)
        return first_id if self._found is None else self._found.index_of(first_id)

    @property
    def _end(self) -> int:
        """The index after the last row."""
        return max(self._start, self._index_after(self.last_shown_id))

    def _index_after(self, entry_id: int) -> int:
        return entry_id + 1 if self._found is None else self._found.index_of(entry_id + 1)

    @property
    def last_shown_id(self) -> int:
        """The newest entry that may be shown: what arrived after a pause began waits."""
        return self._last_id if self._held_id is None else self._held_id

    def id_at(self, row: int) -> int:
        """Return the id of a row; `row` must be one of the rows."""
        index = self._start + row
        return index if self._found is None else self._found[index]

    def row_of(self, entry_id: int) -> int:
        """Return the row of an entry, or of the next one that is shown; `count` if none is."""
        index = entry_id if self._found is None else self._found.index_of(entry_id)
        return min(max(index - self._start, 0), self.count)

    def shows(self, entry_id: int) -> bool:
        """Whether an entry has a row."""
        row = self.row_of(entry_id)
        return row < self.count and self.id_at(row) == entry_id

    def ids(self, first_row: int, count: int) -> Sequence[int]:
        """Return the ids of up to `count` rows."""
        start = self._start + max(first_row, 0)
        stop = min(start + count, self._end)
        return range(start, stop) if self._found is None else self._found.slice(start, stop)

    def rows(self, first_row: int, count: int) -> list[LogRow]:
        """Return up to `count` rows; a row whose entry has just been deleted is left out."""
        if self._page is None:
            return []
        try:
            return self._page.rows(self.ids(first_row, count))
        except JournalError as error:
            self.failed.emit(str(error))
            return []

    def row(self, entry_id: int) -> LogRow | None:
        """Return the row of one entry, whether it is shown or not; None if there is none."""
        try:
            found = self._page.rows([entry_id]) if self._page else []
        except JournalError as error:
            self.failed.emit(str(error))
            return None
        return found[0] if found else None

    def entry(self, entry_id: int) -> Entry | None:
        """Return one entry, whole; None if there is none."""
        try:
            return self._reader.entry(entry_id) if self._reader else None
        except JournalError as error:
            self.failed.emit(str(error))
            return None

    @property
    def decoder(self) -> ContextDecoder | None:
        """Decodes whole entries as parts of their streams. GUI thread."""
        return self._page.decoder if self._page else None

    # The filter

    @property
    def filter(self) -> LogFilter:
        """Which entries are shown."""
        return self._filter

    @property
    def is_filling(self) -> bool:
        """Whether older matches are still being looked for."""
        return self._filling

    def set_filter(self, chosen: LogFilter) -> None:
        """Show only what passes; older entries come as they are found, the newest first."""
        if chosen != self._filter:
            self._filter = chosen
            self._restart_filter()
            self.altered.emit()

    def _restart_filter(self) -> None:
        self._stop_fill()
        self._found = None
        if self._new_reader is None or self._filter.is_open:
            return
        self._found = FoundIds()
        # From the journal's beginning, so that "show all again" has nothing to look for.
        self._fill = LogFill(self._new_reader, self._filter, self._last_id, self)
        self._fill.delivered.connect(self._on_found)
        self._fill.failed.connect(self.failed)
        self._fill.start()
        self._set_filling(True)

    def _on_found(self, found: Found) -> None:
        if self._found is None or self.sender() is not self._fill:
            return
        if found.older:
            self._found.prepend(found.ids)
        else:
            self._found.extend(found.ids)
        self.changed.emit()
        if found.older and found.complete:
            self._set_filling(False)

    def _stop_fill(self) -> None:
        if self._fill is not None:
            self._fill.stop()
            self._fill.deleteLater()
            self._fill = None
            self._set_filling(False)

    def _set_filling(self, filling: bool) -> None:
        if filling != self._filling:
            self._filling = filling
            self.filling_changed.emit(filling)

    # Clearing and pausing

    @property
    def is_cleared(self) -> bool:
        """Whether the view was cleared, so that older entries are not shown."""
        return self._cleared_id > 0

    def clear_view(self) -> None:
        """Show only what comes from now on. The journal keeps everything."""
        self._cleared_id = self._last_id
        if self._held_id is not None:
            self._held_id = self._last_id
        self.altered.emit()

    def show_all(self) -> None:
        """Show again what was cleared."""
        self._cleared_id = 0
        self.altered.emit()

    @property
    def is_paused(self) -> bool:
        """Whether new entries wait."""
        return self._held_id is not None

    @property
    def waiting_count(self) -> int:
        """How many rows a pause holds back."""
        if self._held_id is None:
            return 0
        return max(self._index_after(self._last_id) - self._end, 0)

    def set_paused(self, paused: bool) -> None:
        """Hold new rows back, or let those come that waited. Nothing is lost meanwhile."""
        self._held_id = self._last_id if paused else None
        self.changed.emit()
