"""Bookmarks in the log: set at the current row, gone to, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.entry import COMMENT_CHARS, MOST_BOOKMARKS, Bookmark
from app.journal.errors import JournalError
from app.models.bookmarks import Bookmarks
from app.ui.theme import theme
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.models.log_rows import LogRows
    from app.ui.log.bookmark_list import BookmarkList
    from app.ui.log.view import LogView
    from app.ui.widgets import FootBanner


class LogBookmarks(QObject):
    """What the commands over bookmarks do. GUI thread.

    A frame's bookmark is that of the entry where it ends.
    """

    changed = Signal()  # `why_not` may say something else

    def __init__(self, rows: LogRows, view: LogView, notice: FootBanner, host: QWidget) -> None:
        super().__init__(host)
        self._rows, self._view, self._notice, self._host = rows, view, notice, host
        self._list: BookmarkList | None = None
        self.marks = Bookmarks(self)
        self.marks.changed.connect(self._on_changed)
        self.marks.refused.connect(self._on_refused)
        rows.altered.connect(self._follow_source)
        view.set_comments(self._comment_of)
        view.current_changed.connect(self.changed)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over bookmarks do."""
        return {
            "bookmark": self.toggle,
            "comment_row": self.ask_comment,
            "next_bookmark": lambda: self._go(self.marks.after),
            "previous_bookmark": lambda: self._go(self.marks.before),
            "bookmarks": self.show_list,
        }

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        no_row = "" if self._current() is not None else "log.why_no_current"
        none = "" if self.marks.comments else "log.why_no_bookmarks"
        return {
            "bookmark": no_row,
            "comment_row": no_row,
            "next_bookmark": none,
            "previous_bookmark": none,
            "bookmarks": "" if self._rows.reader else "log.why_no_rows",
        }

    def toggle(self) -> None:
        """Mark the current row, or no longer; a comment is not lost without a way back."""
        entry_id = self._current()
        if entry_id is None:
            return
        comment = self.marks.comments.get(entry_id)
        self.marks.change([Bookmark(entry_id, "" if comment is None else None)])
        if comment:
            self._notice.offer(
                lambda: tr("log.bookmark_removed"), lambda: tr("log.undo"), self.marks.undo
            )

    def ask_comment(self) -> None:
        """Let the user write down something at the current row."""
        from PySide6.QtWidgets import QInputDialog, QLineEdit

        entry_id = self._current()
        if entry_id is None:
            return
        dialog = QInputDialog(self._host)
        dialog.setWindowTitle(tr("log.comment_title"))
        dialog.setLabelText(tr("log.comment_label"))
        dialog.setTextValue(self.marks.comments.get(entry_id, ""))
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setMaxLength(COMMENT_CHARS)
        dialog.resize(theme().px(440), dialog.sizeHint().height())
        if dialog.exec():
            self.marks.change([Bookmark(entry_id, dialog.textValue().strip())])
        dialog.deleteLater()

    def show_list(self) -> None:
        """All of them, beside the log."""
        from app.ui.log.bookmark_list import BookmarkList

        if self._list is None:
            self._list = BookmarkList(self.marks, self._rows, self._host)
            self._list.chosen.connect(self.show_entry)
            self._list.finished.connect(self._on_list_closed)
        self._list.show()
        self._list.raise_()
        self._list.activateWindow()

    def show_entry(self, entry_id: int) -> None:
        """Make a marked entry the current row, if the filter lets it through."""
        rows = self._rows
        hidden = not rows.shows(entry_id)
        if hidden and rows.is_cleared:
            rows.show_all()
            hidden = not rows.shows(entry_id)
        if hidden:
            self._notice.say(lambda: tr("log.bookmark_hidden"))
        else:
            self._view.show_entry(rows.id_of(entry_id))

    def close_list(self) -> None:
        """The log shows nothing any more."""
        if self._list is not None:
            self._list.close()

    def _on_list_closed(self) -> None:
        if self._list is not None:
            self._list.deleteLater()
            self._list = None

    def _current(self) -> int | None:
        current = self._view.selection.current
        return None if current is None else self._rows.entry_of(current)

    def _go(self, find: Callable[[int], int | None]) -> None:
        current = self._current()
        seen = self._view.visible_rows
        at = current if current is not None else self._rows.entry_of(seen[0].id) if seen else 0
        entry_id = find(at)
        if entry_id is not None:
            self.show_entry(entry_id)

    def _comment_of(self, row_id: int) -> str | None:
        """What is noted at a row; the first of the frames that end in an entry has the words."""
        comments = self.marks.comments
        entry_id = self._rows.entry_of(row_id) if comments else 0
        comment = comments.get(entry_id)
        return "" if comment and self._rows.id_of(entry_id) != row_id else comment

    def _follow_source(self) -> None:
        reader = self._rows.reader
        if reader is not self.marks.reader:
            self.close_list()
            try:
                self.marks.set_reader(reader)
            except JournalError as error:
                reason = str(error)
                self._notice.say_error(lambda: tr("log.read_failed", reason=without_stop(reason)))

    def _on_changed(self) -> None:
        self._view.lay_out_anew()
        self.changed.emit()

    def _on_refused(self, why: str, reason: str) -> None:
        self._notice.say_error(
            lambda: tr(f"log.bookmark_{why}", reason=without_stop(reason), n=MOST_BOOKMARKS)
        )
