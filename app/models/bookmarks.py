"""The bookmarks of the journal that the log shows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.entry import COMMENT_CHARS, MOST_BOOKMARKS, Bookmark
from app.journal.errors import JournalBusy, JournalError, JournalUnreadable
from app.models.task import Task, TaskSlot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.journal.reader import Reader

_UNDOABLE = 100  # changes


class Bookmarks(QObject):
    """Comments by entry, shown at once and kept in the journal. GUI thread.

    A live journal's go the way of its entries; an old file is written by a task, one after the
    other. What could not be written is shown no longer, and `refused` says why.
    """

    changed = Signal()
    refused = Signal(str, str)  # "busy", "unwritable" or "many", and the system's own words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader: Reader | None = None
        self._comments: dict[int, str] = {}
        self._ids: list[int] = []  # of `_comments`, ascending
        self._waiting: list[Bookmark] = []  # for an old file
        self._undo: list[list[Bookmark]] = []
        self._writing = TaskSlot(self)
        self._writing.done.connect(self._on_written)
        self._writing.failed.connect(self._on_failed)

    def set_reader(self, reader: Reader | None) -> None:
        """Show those of another journal. What waits for the file of before is written all the same.

        Raises JournalUnreadable.
        """
        if self._waiting and self._reader is not None:
            task = _task(self._reader.path, self._waiting, self)
            task.start()
            task.stop()  # it is not heard of any more, and goes on
        self._writing.cancel()
        self._reader, self._waiting, self._undo = reader, [], []
        self._show({})
        if reader is not None:
            self._show(reader.bookmarks())

    @property
    def reader(self) -> Reader | None:
        """Of the journal whose bookmarks these are."""
        return self._reader

    @property
    def comments(self) -> Mapping[int, str]:
        """The comment on each marked entry that is still there, ascending; "" where it has none."""
        first_id = self._reader.first_id if self._reader is not None else 0
        if self._ids and self._ids[0] < first_id:  # pruned since
            self._hold({key: self._comments[key] for key in self._ids if key >= first_id})
        return self._comments

    def after(self, entry_id: int) -> int | None:
        """Return the next marked entry; behind the last one comes the first."""
        ids = self._ids if self.comments else []
        return ids[bisect_right(ids, entry_id) % len(ids)] if ids else None

    def before(self, entry_id: int) -> int | None:
        """Return the marked entry before; before the first one comes the last."""
        ids = self._ids if self.comments else []
        return ids[bisect_left(ids, entry_id) - 1] if ids else None

    def change(self, bookmarks: Sequence[Bookmark]) -> None:
        """Set and remove bookmarks; `undo` takes it all back."""
        known = self.comments
        more = {b.entry_id for b in bookmarks if b.comment is not None} - known.keys()
        if len(known) + len(more) > MOST_BOOKMARKS:
            self.refused.emit("many", "")
            return
        bookmarks = [b._replace(comment=b.comment and b.comment[:COMMENT_CHARS]) for b in bookmarks]
        before = [Bookmark(b.entry_id, known.get(b.entry_id)) for b in bookmarks]
        self._undo = [*self._undo[1 - _UNDOABLE :], before]
        self._apply(bookmarks)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to be taken back."""
        return bool(self._undo)

    def undo(self) -> None:
        """Take the last change back."""
        if self._undo:
            self._apply(self._undo.pop())

    def _apply(self, bookmarks: Sequence[Bookmark]) -> None:
        if self._reader is None:
            return
        changed = dict(self.comments)
        for entry_id, comment in bookmarks:
            if comment is None:
                changed.pop(entry_id, None)
            else:
                changed[entry_id] = comment
        ledger = self._reader.ledger
        if ledger is not None:
            for bookmark in bookmarks:
                ledger.mark(bookmark)
        else:
            self._waiting += bookmarks
            self._write()
        self._show(changed)

    def _show(self, comments: Mapping[int, str]) -> None:
        self._hold(comments)
        self.changed.emit()

    def _hold(self, comments: Mapping[int, str]) -> None:
        self._ids = sorted(comments)
        self._comments = {key: comments[key] for key in self._ids}

    # An old file

    def _write(self) -> None:
        """Begin, unless a task is at work; what comes meanwhile waits for the next one."""
        if self._waiting and not self._writing.is_busy and self._reader is not None:
            waiting, self._waiting = self._waiting, []
            self._writing.start(_task(self._reader.path, waiting, self))

    def _on_written(self, result: dict[int, str] | tuple[str, str]) -> None:
        if isinstance(result, tuple):
            self._on_refused(*result)
        elif self._waiting:
            self._write()
        else:
            self._show(result)

    def _on_failed(self, reason: str) -> None:
        self._on_refused("unwritable", reason)

    def _on_refused(self, why: str, reason: str) -> None:
        """Show what the file has; the way back has gone with it."""
        self._waiting, self._undo = [], []
        try:
            self._show(self._reader.bookmarks() if self._reader is not None else {})
        except JournalError:
            self._show({})
        self.refused.emit(why, reason)


def _task(path: Path, bookmarks: Sequence[Bookmark], parent: QObject) -> Task:
    """Emits `done` with all bookmarks of the file, or with why it cannot be written."""

    def write(_task: Task) -> dict[int, str] | tuple[str, str]:
        from app.journal.bookmarks import mark_file

        try:
            return mark_file(path, bookmarks)
        except JournalBusy:
            return "busy", ""
        except JournalUnreadable as error:
            return "unwritable", error.system_text

    return Task("bookmarks", write, parent)
