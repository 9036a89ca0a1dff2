"""Finding in the log: from the field to the journal, and back to the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.models.task import TaskSlot
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.journal.needle import Needle
    from app.journal.reader import Reader
    from app.models.log_rows import LogRows
    from app.models.log_search import SearchOrder, SearchResult
    from app.models.log_task import LogTask
    from app.ui.log.find_bar import FindBar
    from app.ui.log.view import LogView
    from app.ui.widgets import FootBanner


class LogFinder(QObject):
    """Searches in the background, one search at a time. GUI thread."""

    def __init__(
        self, rows: LogRows, view: LogView, bar: FindBar, notice: FootBanner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._view = view
        self._bar = bar
        self._notice = notice
        self._forward = True
        self._searches = TaskSlot(self)
        self._searches.progressed.connect(self._on_progressed)
        self._searches.done.connect(self._on_done)
        self._searches.failed.connect(self._on_failed)
        self._searches.busy_changed.connect(bar.set_busy)
        bar.next_requested.connect(self.find_next)
        bar.previous_requested.connect(self.find_previous)
        bar.stop_requested.connect(self._searches.cancel)
        bar.needle_changed.connect(self._on_needle)

    @property
    def is_busy(self) -> bool:
        """Whether a search is at work."""
        return self._searches.is_busy

    def find_next(self) -> None:
        """Go to the next match after the current row, round the end if need be."""
        self._find(forward=True)

    def find_previous(self) -> None:
        """Go to the match before the current row, round the beginning if need be."""
        self._find(forward=False)

    def stop(self) -> None:
        """Give up."""
        self._searches.stop()

    def _find(self, *, forward: bool) -> None:
        needle, new_reader = self._bar.needle, self._rows.new_reader
        if needle is None:
            self._bar.focus()
        elif new_reader is not None:
            self._forward = forward
            self._searches.start(self._search(new_reader, needle))

    def _search(self, new_reader: Callable[[], Reader], needle: Needle) -> LogTask:
        rows, plan = self._rows, self._rows.plan
        if plan is None:
            from app.models.log_search import LogSearch

            return LogSearch(new_reader, self._order(needle), self)
        from app.models.frame_search import FrameOrder, FrameSearch

        table, low, high = rows.frame_table()
        order = FrameOrder(
            needle, self._forward, self._start(), table, low, high, plan,
            rows.chosen_encodings, rows.default_encoding,
        )  # fmt: skip
        return FrameSearch(new_reader, order, self)

    def _order(self, needle: Needle) -> SearchOrder:
        from app.models.log_search import SearchOrder

        rows = self._rows
        low_id = rows.id_at(0) if rows.count else rows.last_shown_id + 1
        return SearchOrder(
            needle=needle,
            forward=self._forward,
            from_id=self._start(),
            low_id=low_id,
            high_id=rows.last_shown_id,
            chosen=rows.filter,
            encodings=rows.chosen_encodings,
            default=rows.default_encoding,
        )

    def _start(self) -> int:
        """The entry after (or before) which to begin: the current one, or what is in sight."""
        current = self._view.selection.current
        if current is not None:
            return current
        seen = self._view.visible_rows
        if not seen:
            return self._rows.last_shown_id
        return seen[0].id - 1 if self._forward else seen[-1].id + 1

    def _on_needle(self, needle: Needle | None) -> None:
        self._searches.cancel()
        self._view.set_marked(needle)

    def _on_progressed(self, done: int, total: int) -> None:
        self._bar.show_progress(done * 100 // max(total, 1))

    def _on_done(self, result: SearchResult) -> None:
        if result.too_slow:
            self._notice.say_error(lambda: tr("log.find_too_slow"))
            return
        if result.match is None:
            self._bar.say(tr("log.find_none"))
            return
        if result.hidden:
            self._rows.show_all()
            self._notice.say(lambda: tr("log.find_hidden"))
        elif result.wrapped:
            self._bar.say(tr("log.find_wrapped" if self._forward else "log.find_wrapped_back"))
        self._view.show_entry(result.match.entry_id)

    def _on_failed(self, reason: str) -> None:
        self._notice.say_error(lambda: tr("log.read_failed", reason=without_stop(reason)))
