"""The rows of the log: which entries it shows, and what each row says.

Unfiltered, a row's number is its entry's id less the first shown id; filtered, it is an index into
the ids found in the background; cut into frames, into their keys, which take the place of ids. Row
numbers change when old entries are deleted or older matches are found; ids never do, so whoever
wants to stay at a place remembers an id.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.errors import JournalError
from app.models.log_filter import LogFilter
from app.models.log_shown import ShownRows
from app.models.log_task import reader_like

if TYPE_CHECKING:
    from app.frames.places import Place
    from app.journal.context import ContextDecoder
    from app.journal.entry import Entry
    from app.journal.framed import Frame
    from app.journal.reader import Reader
    from app.models.frame_page import FramePage
    from app.models.frame_table import FrameTable
    from app.models.frame_words import FrameWords
    from app.models.framing_plan import FramingPlan
    from app.models.log_page import LogPage
    from app.models.log_row import LogRow
    from app.models.row_filter import Filters
    from app.models.row_judge import Judging
    from app.net.facts import Endpoint

ALL = LogFilter()


class LogRows(ShownRows):
    """What the log shows of one journal, live or old. GUI thread.

    `close_source` must be called before the journal is closed, and at the end.
    """

    filling_changed = Signal(bool)  # the way through the journal, for a filter or for frames, has
    # begun or ended
    fill_progressed = Signal(object, object)  # entries looked at on this way, and to look at
    failed = Signal(str)  # the journal cannot be read: the system's own words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader: Reader | None = None
        self._new_reader: Callable[[], Reader] | None = None
        self._page: LogPage | None = None
        self._frames: FramePage | None = None
        self._filter = ALL
        self._plan: FramingPlan | None = None  # None: rows are chunks
        self._columns: tuple[str, ...] = ()
        self._found.told.connect(self._on_told)
        self._found.failed.connect(self.failed)
        self._found.filling_changed.connect(self.filling_changed)
        self._found.progressed.connect(self.fill_progressed)

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
        from app.models.log_page import LogPage

        self._page = LogPage(reader, encoding_of, client_name, recv_size, self._new_reader, self)
        self._page.settled.connect(self.altered)
        self._first_id, self._last_id = reader.first_id, reader.last_id
        self._restart()
        self.altered.emit()

    def close_source(self) -> None:
        """Show nothing; every background thread that reads the journal will end."""
        self._stop()
        if self._page is not None:
            self._page.close()
            self._page.deleteLater()
        self._reader = self._new_reader = self._page = None
        self._first_id, self._last_id = 1, 0
        self._cleared_id, self._held_id = 0, None
        self.altered.emit()

    @property
    def servers_are_several(self) -> bool:
        """Whether rows are of several servers, and so each tells its own."""
        return self._page is not None and self._page.maker.servers.are_several

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
        if self._found.ids is None:
            self.changed.emit()
        else:
            self._found.follow(self._first_id, last_id)

    def forget(self, client_ids: Collection[int]) -> None:
        """The encoding of these clients has changed: decode their rows anew."""
        if self._page is not None:
            self._page.forget(client_ids)
            if self._frames is not None:
                self._frames.clear()
            self._judge_anew()
            self.altered.emit()

    def retranslate(self) -> None:
        """The language has changed: events say the same in other words."""
        if self._page is not None:
            self._page.clear()
        if self._frames is not None:
            self._frames.clear()
        self._judge_anew()
        self.altered.emit()

    # Rows

    def rows(self, first_row: int, count: int) -> list[LogRow]:
        """Return up to `count` rows; a row whose entry has just been deleted is left out."""
        if self._page is None:
            return []
        table = self._found.table
        try:
            if self._frames is not None and table is not None:
                at_end = first_row + count >= self.count and self._held_id is None
                self._found.set_in_sight(count if at_end else 0)
                start = self._start + max(first_row, 0)
                return self._frames.rows(table.places(start, min(start + count, self._end)))
            return self._page.rows(self.ids(first_row, count))
        except JournalError as error:
            self.failed.emit(str(error))
            return []

    def row(self, row_id: int) -> LogRow | None:
        """Return the row of this id, whether it is shown or not; None if there is none."""
        try:
            if self._frames is not None:
                place = self._found.place_of(row_id)
                found = self._frames.rows([place]) if place is not None else []
            else:
                found = self._page.rows([row_id]) if self._page else []
        except JournalError as error:
            self.failed.emit(str(error))
            return None
        return found[0] if found else None

    def row_of_entry(self, entry_id: int) -> LogRow | None:
        """Return what an entry's row says while chunks are shown; None if there is none."""
        try:
            found = self._page.rows([entry_id]) if self._page else []
        except JournalError as error:
            self.failed.emit(str(error))
            return None
        return found[0] if found else None

    def entry(self, row_id: int) -> Entry | None:
        """Return the entry at which a row stands, whole; None if there is none."""
        try:
            return self._reader.entry(self.entry_of(row_id)) if self._reader else None
        except JournalError as error:
            self.failed.emit(str(error))
            return None

    def place_of(self, row_id: int) -> Place | None:
        """Return where a row's frame is; None if the row is an entry, or there is none."""
        return self._found.place_of(row_id)

    def frame(self, row_id: int) -> Frame | None:
        """Return the frame of this key, whole; None for an event, and for what is gone."""
        place = self._found.place_of(row_id)
        if place is None or place.start < 0 or self._reader is None:
            return None
        from app.journal.framed import frames_at

        try:
            found = frames_at(self._reader, [place])
        except JournalError as error:
            self.failed.emit(str(error))
            return None
        return found[0] if found else None

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
        return self._found.is_filling

    def set_filter(self, chosen: LogFilter) -> None:
        """Show only what passes; older entries come as they are found, the newest first."""
        if chosen != self._filter:
            self._filter = chosen
            self._restart()
            self.altered.emit()

    def judging(self, filters: Filters) -> Judging | None:
        """Return what a thread needs to judge rows as they are now; None: there is nothing to."""
        if not filters:
            return None
        from app.models.row_judge import Judging

        return Judging(filters, self.chosen_encodings, self.default_encoding, self._plan)

    def _judge_anew(self) -> None:
        """What rows say has changed: in which encoding or language they say it."""
        if self._filter.filters:
            self._restart()

    # Frames

    @property
    def plan(self) -> FramingPlan | None:
        """How streams are cut into frames; None: rows are chunks."""
        return self._plan

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the fields that frames' rows show in columns."""
        return self._columns

    def frame_table(self) -> tuple[FrameTable, int, int]:
        """Return a copy of the frames' places, and the indices between which they are shown."""
        table = self._found.table
        assert table is not None
        return table.copy(), self._start, self._end

    def set_plan(self, plan: FramingPlan | None, columns: tuple[str, ...] = ()) -> None:
        """Show frames, cut in this way, with the values of these fields; or chunks."""
        if (plan, columns) == (self._plan, self._columns):
            return
        cut_anew = plan != self._plan or plan is None
        self._plan, self._columns, self._cut = plan, columns, plan is not None
        if cut_anew:
            self._restart()
        else:
            self._found.set_columns(columns)
            self._show_frames()
        self.altered.emit()

    def _on_told(self, words: dict[int, FrameWords]) -> None:
        if self._frames is not None:
            self._frames.learn(words)

    def _restart(self) -> None:
        self._stop()
        if self._new_reader is None or self._page is None or self._reader is None:
            return
        judging = self.judging(self._filter.filters)
        if self._plan is not None:
            self._show_frames()
            chosen, last_id = self._filter, self._last_id
            self._found.cut(self._new_reader, self._plan, chosen, judging, last_id, self._columns)
        elif not self._filter.is_open:
            self._found.filter(self._new_reader, self._filter, judging, self._last_id)

    def _show_frames(self) -> None:
        """Make the frames' rows anew."""
        from app.models.frame_page import FramePage

        self._close_frames()
        if self._reader is not None and self._page is not None and self._plan is not None:
            maker = self._page.maker
            self._frames = FramePage(self._reader, maker, self._plan, self._columns, self)
            self._frames.settled.connect(self.altered)

    def _stop(self) -> None:
        self._found.stop()
        self._close_frames()

    def _close_frames(self) -> None:
        if self._frames is not None:
            self._frames.close()
            self._frames.deleteLater()
            self._frames = None
