"""Which rows there are where not every entry has one: filtered, or cut into frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.models.log_fill import Found, LogFill
from app.models.log_ids import FoundIds

if TYPE_CHECKING:
    from app.frames.places import Place
    from app.journal.reader import Reader
    from app.models.frame_fill import Cuts, FrameFill
    from app.models.frame_table import FrameTable
    from app.models.frame_words import FrameWords
    from app.models.framing_plan import FramingPlan
    from app.models.log_filter import LogFilter
    from app.models.row_judge import Judging


class LogFound(QObject):
    """Rows' ids as a thread finds them: entries' ids, or the keys of frames. GUI thread."""

    changed = Signal()  # more were found
    replaced = Signal()  # others take the place of all
    told = Signal(object)  # FrameWords by key, of frames that were found just now
    filling_changed = Signal(bool)  # the way through the journal has begun or ended
    progressed = Signal(object, object)  # entries looked at, and to look at
    failed = Signal(str)  # the journal cannot be read: the system's own words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: FoundIds | None = None
        self._table: FrameTable | None = None
        self._fill: LogFill | FrameFill | None = None
        self.is_filling = False

    @property
    def ids(self) -> FoundIds | FrameTable | None:
        """What was found so far; None: every entry has a row."""
        return self._ids if self._table is None else self._table

    @property
    def table(self) -> FrameTable | None:
        """The places of frames; None where rows are entries."""
        return self._table

    def filter(
        self,
        new_reader: Callable[[], Reader],
        chosen: LogFilter,
        judging: Judging | None,
        last_id: int,
    ) -> None:
        """Look for the entries that a filter lets through."""
        self._ids = FoundIds()
        # From the journal's beginning, so that "show all again" has nothing to look for.
        self._start(LogFill(new_reader, chosen, last_id, judging, self), self._on_found)

    def cut(
        self,
        new_reader: Callable[[], Reader],
        plan: FramingPlan,
        chosen: LogFilter,
        judging: Judging | None,
        last_id: int,
        columns: Sequence[str],
    ) -> None:
        """Look for the frames of the entries that a filter lets through."""
        from app.models.frame_fill import FrameFill
        from app.models.frame_table import FrameTable

        self._table = FrameTable()
        fill = FrameFill(new_reader, plan, chosen, last_id, columns, judging, self)
        self._start(fill, self._on_cut)

    def set_columns(self, columns: Sequence[str]) -> None:
        """Frames' words are to have the values of these fields from now on."""
        if isinstance(self._fill, LogFill) or self._fill is None:
            return
        self._fill.columns = columns

    def set_in_sight(self, count: int) -> None:
        """So many of the newest frames are on the screen: their words are wanted at once."""
        if not isinstance(self._fill, LogFill) and self._fill is not None:
            self._fill.in_sight = count

    def _start(self, fill: LogFill | FrameFill, take: Callable[[Any], None]) -> None:
        self._fill = fill
        fill.delivered.connect(take)
        fill.failed.connect(self.failed)
        fill.progressed.connect(self.progressed)
        fill.start()
        self._set_filling(True)

    def stop(self) -> None:
        """Every entry has a row again; the thread looks no further."""
        self._ids = self._table = None
        if self._fill is not None:
            self._fill.stop()
            self._fill = None
            self._set_filling(False)

    def follow(self, first_id: int, last_id: int) -> None:
        """There are entries from `first_id` to `last_id` now."""
        if self.ids is not None:
            self.ids.forget_below(first_id)
        if self._fill is not None:
            self._fill.follow(last_id)

    def place_of(self, key: int) -> Place | None:
        """Return the place of a frame; None if there is none of this key."""
        return self._table.find(key) if self._table is not None else None

    def _on_found(self, found: Found) -> None:
        if self._ids is None or self.sender() is not self._fill:
            return
        if found.older:
            self._ids.prepend(found.ids)
        else:
            self._ids.extend(found.ids)
        self.changed.emit()
        if found.older and found.complete:
            self._set_filling(False)

    def _on_cut(self, cuts: Cuts) -> None:
        if self._table is None or self.sender() is not self._fill:
            return
        if cuts.table is not None:
            self._table = cuts.table
        self._table.remove(cuts.gone)
        self._table.add(cuts.places)
        words: Mapping[int, FrameWords] = cuts.words
        if words:
            self.told.emit(words)
        (self.changed if cuts.table is None else self.replaced).emit()
        if cuts.table is not None and cuts.complete:
            self._set_filling(False)

    def _set_filling(self, filling: bool) -> None:
        if filling != self.is_filling:
            self.is_filling = filling
            self.filling_changed.emit(filling)
