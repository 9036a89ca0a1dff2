"""Which rows the log has: what was cleared, what a pause holds back, what a filter lets through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.models.log_found import LogFound


class ShownRows(QObject):
    """Rows as numbers and ids, without what they say. GUI thread."""

    changed = Signal()  # rows came or went at either end
    altered = Signal()  # rows look different now, or other rows are shown altogether

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found = LogFound(self)
        self._found.changed.connect(self.changed)
        self._found.replaced.connect(self.altered)
        self._cut = False  # into frames: a row's id is its frame's key
        self._first_id = 1  # the oldest entry there is
        self._last_id = 0  # the newest entry we have been told of
        self._cleared_id = 0  # rows begin after this id
        self._held_id: int | None = None  # paused: the newest that is shown

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._end - self._start

    @property
    def _start(self) -> int:
        """The index of the first row, in ids or in found ids."""
        first_id = max(self._first_id, self._cleared_id + 1)
        return self._index_of(first_id)

    @property
    def _end(self) -> int:
        """The index after the last row."""
        return max(self._start, self._index_after(self.last_shown_id))

    def _index_after(self, entry_id: int) -> int:
        return self._index_of(entry_id + 1)

    def _index_of(self, entry_id: int) -> int:
        """The index of the first row of an entry."""
        ids = self._found.ids
        return entry_id if ids is None else ids.index_of(self._first_key(entry_id))

    def _first_key(self, entry_id: int) -> int:
        """The lowest id that a row of an entry can have."""
        if not self._cut:
            return entry_id
        from app.frames.places import key_of

        return key_of(entry_id)

    @property
    def last_shown_id(self) -> int:
        """The newest entry that may be shown: what arrived after a pause began waits."""
        return self._last_id if self._held_id is None else self._held_id

    def id_at(self, row: int) -> int:
        """Return the id of a row; `row` must be one of the rows."""
        index, ids = self._start + row, self._found.ids
        return index if ids is None else ids[index]

    def row_of(self, row_id: int) -> int:
        """Return the row of this id, or the next one that is shown; `count` if none is."""
        ids = self._found.ids
        index = row_id if ids is None else ids.index_of(row_id)
        return min(max(index - self._start, 0), self.count)

    def entry_of(self, row_id: int) -> int:
        """Return the entry at which a row stands: the last one of a frame."""
        if not self._cut:
            return row_id
        from app.frames.places import entry_of

        return entry_of(row_id)

    def id_of(self, entry_id: int) -> int:
        """Return the id of an entry's row: of the first frame that ends there, or after it."""
        row = self.row_of(self._first_key(entry_id))
        return self.id_at(row) if row < self.count else self._first_key(entry_id)

    def shows(self, entry_id: int) -> bool:
        """Whether an entry has a row; of one without a frame's end, the next frame's will do."""
        row = self.row_of(self._first_key(entry_id))
        if not self._first_id <= entry_id <= self.last_shown_id or row >= self.count:
            return False
        return self._cut or self.id_at(row) == entry_id

    def ids(self, first_row: int, count: int) -> Sequence[int]:
        """Return the ids of up to `count` rows."""
        start = self._start + max(first_row, 0)
        stop = min(start + count, self._end)
        ids = self._found.ids
        return range(start, stop) if ids is None else ids.slice(start, stop)

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
