"""The client table's rows: one for each client that was accepted and not cleared."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.journal.entry import ClientRecord
from app.models.client_row import ClientRow, row_of_record, row_of_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.net.session import Session

MOST_OFFLINE = 20_000  # rows; the oldest go first

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class Column(IntEnum):
    """What stands in which column; the numbers are kept in saved layouts."""

    NUMBER = 0
    ADDRESS = 1
    STATE = 2
    ENCODING = 3
    BYTES_IN = 4
    BYTES_OUT = 5
    WAITING = 6
    IDLE = 7
    REASON = 8
    THREAD = 9
    SINCE = 10
    NOTE = 11


RIGHT_ALIGNED = frozenset(
    {Column.NUMBER, Column.BYTES_IN, Column.BYTES_OUT, Column.WAITING, Column.IDLE}
)


class ClientTableModel(QAbstractTableModel):
    """Rows of clients, sorted here in Python: a sort proxy took 453 ms for 10,000 (a list: 1 ms).

    It makes no words: `words` turns a row and a column into text. GUI thread.
    """

    note_edited = Signal(int, str)  # client_id, text
    encoding_edited = Signal(int, str)  # client_id, encoding name
    counts_changed = Signal()

    def __init__(
        self,
        words: Callable[[ClientRow, Column], str],
        tips: Callable[[ClientRow, Column], str],
        titles: Callable[[Column], str],
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._tips, self._titles = words, tips, titles
        self._rows: list[ClientRow] = []
        self._place: dict[int, int] = {}  # client_id -> row
        self._sort_column = Column.NUMBER
        self._descending = False
        self._seen: dict[int, tuple[object, ...]] = {}
        self.online = 0

    # -- what Qt asks ----------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        """Clients in the table."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        """All columns, hidden ones too."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tip and alignment; the view paints from `row` and asks this only for access."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, column)
        if role == Qt.ItemDataRole.EditRole:
            return row.encoding if column is Column.ENCODING else row.note
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Titles, aligned as their columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._titles(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Encoding and note are changed in place."""
        flags = super().flags(index)
        if index.isValid() and index.column() in (Column.ENCODING, Column.NOTE):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand the user's change on; it shows once the controller has taken it."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        row = self._rows[index.row()]
        if index.column() == Column.NOTE:
            self.note_edited.emit(row.client_id, str(value))
        elif index.column() == Column.ENCODING:
            self.encoding_edited.emit(row.client_id, str(value))
        else:
            return False
        self.dataChanged.emit(index, index)
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column from now on."""
        self._sort_column = Column(max(column, 0))
        self._descending = order == Qt.SortOrder.DescendingOrder
        self.resort()

    # -- what the window tells -------------------------------------------------------------

    def add(self, sessions: Sequence[Session]) -> None:
        """Clients joined: one insert for all of them."""
        at = len(self._rows)
        self.beginInsertRows(QModelIndex(), at, at + len(sessions) - 1)
        self._rows += [row_of_session(session) for session in sessions]
        self._renumber(at)
        self.endInsertRows()
        self._count()

    def show_records(self, records: Iterable[ClientRecord]) -> None:
        """Show an old journal's clients instead."""
        self._reset([row_of_record(record) for record in records])

    def show_sessions(self, sessions: Iterable[Session]) -> None:
        """Show these clients instead."""
        self._reset([row_of_session(session) for session in sessions])

    def left(self) -> None:
        """Clients went offline: count anew, and let the oldest rows go above the limit."""
        self._count()
        surplus = len(self._rows) - self.online - MOST_OFFLINE
        if surplus > 0:
            oldest = sorted(row.client_id for row in self._rows if not row.online)
            self._remove(set(oldest[:surplus]))

    def clear_offline(self, only: Iterable[int] | None = None) -> list[int]:
        """Take offline rows away, all or those of `only`; return their client ids."""
        chosen = None if only is None else set(only)
        gone = [
            row.client_id
            for row in self._rows
            if not row.online and (chosen is None or row.client_id in chosen)
        ]
        self._remove(set(gone))
        return gone

    def resort(self) -> None:
        """Sort by the values of now; selections and editors keep their clients."""
        self.layoutAboutToBeChanged.emit([], self.LayoutChangeHint.VerticalSortHint)
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].client_id for index in before]
        column = self._sort_column
        self._rows.sort(key=lambda row: row.sort_key(column), reverse=self._descending)
        self._renumber(0)
        after = [
            self.index(self._place[client_id], index.column())
            for client_id, index in zip(ids, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit([], self.LayoutChangeHint.VerticalSortHint)

    @property
    def sorted_by_changing_values(self) -> bool:
        """Whether the order may change while nobody joins or leaves."""
        return self._sort_column not in (Column.NUMBER, Column.ADDRESS, Column.SINCE)

    def refresh(self, first: int, last: int) -> None:
        """Repaint the rows of `first` to `last` (the visible ones) whose values changed."""
        now = time.monotonic_ns()
        for at in range(max(first, 0), min(last + 1, len(self._rows))):
            row = self._rows[at]
            values = row.shown(now)
            if self._seen.get(row.client_id) != values:
                self._seen[row.client_id] = values
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(Column) - 1))

    # -- what others ask -------------------------------------------------------------------

    def row(self, at: int) -> ClientRow:
        """The client in a row."""
        return self._rows[at]

    def place(self, client_id: int) -> int | None:
        """The row of a client; None if it is not in the table."""
        return self._place.get(client_id)

    @property
    def offline(self) -> int:
        """Rows that can be cleared."""
        return len(self._rows) - self.online

    def _reset(self, rows: list[ClientRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self._seen.clear()
        self._renumber(0)
        self.endResetModel()
        self._count()

    def _remove(self, gone: set[int]) -> None:
        if gone:
            rows = [row for row in self._rows if row.client_id not in gone]
            self._reset(rows)

    def _renumber(self, first: int) -> None:
        if first == 0:
            self._place.clear()
        for at in range(first, len(self._rows)):
            self._place[self._rows[at].client_id] = at

    def _count(self) -> None:
        self.online = sum(row.online for row in self._rows)
        self.counts_changed.emit()


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
