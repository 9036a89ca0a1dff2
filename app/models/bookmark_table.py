"""The bookmarks of a journal as a table; what their rows say is read as far as somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from app.journal.entry import Bookmark
from app.models.tables import Index, NamedColumns
from app.text.visible import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.models.bookmarks import Bookmarks
    from app.models.log_rows import LogRows

TIME, CLIENT, COMMENT, CONTENT = range(4)
COLUMNS = ("time", "client", "comment", "content")
_SHOWN_CHARS = 200
_Role = Qt.ItemDataRole


class BookmarkTable(NamedColumns):
    """One row a bookmark, in the journal's order; comments are edited in place. GUI thread."""

    def __init__(self, marks: Bookmarks, rows: LogRows, parent: Any = None) -> None:
        super().__init__([f"log.bookmarks_{column}" for column in COLUMNS], parent)
        self._marks, self._rows = marks, rows
        self._ids = list(marks.comments)
        marks.changed.connect(self._on_changed)

    def entry_of(self, row: int) -> int | None:
        """Return the entry of a row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, entry_id: int) -> int:
        """Return the row of an entry; -1 for none."""
        return self._ids.index(entry_id) if entry_id in self._ids else -1

    def remove(self, rows: Iterable[int]) -> None:
        """Remove the bookmarks of these rows, as one change."""
        self._marks.change([Bookmark(self._ids[row], None) for row in rows])

    def _on_changed(self) -> None:
        ids = list(self._marks.comments)
        if ids == self._ids:
            self.tell()
            return
        self.beginResetModel()
        self._ids = ids
        self.endResetModel()

    # -- Qt's side ---------------------------------------------------------------------------

    def count(self) -> int:
        """One a bookmark."""
        return len(self._ids)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """What a cell shows."""
        if role not in (_Role.DisplayRole, _Role.EditRole):
            return None
        entry_id, column = self._ids[index.row()], index.column()
        if column == COMMENT:
            comment = self._marks.comments.get(entry_id, "")
            return comment if role == _Role.EditRole else escaped(comment)
        row = self._rows.row_of_entry(entry_id)
        if row is None:
            return ""
        if column == TIME:
            return row.time_text
        if column == CLIENT:
            return f"{row.client_text} {row.address}".strip()
        return escaped(row.text[:_SHOWN_CHARS]) if row.is_chunk else row.text

    def setData(self, index: Index, value: Any, role: int = _Role.EditRole) -> bool:
        """The user wrote another comment."""
        entry_id, comment = self._ids[index.row()], str(value).strip()
        if role == _Role.EditRole and comment != self._marks.comments.get(entry_id):
            self._marks.change([Bookmark(entry_id, comment)])
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Comments are edited."""
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.column() == COMMENT else found
