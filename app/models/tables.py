"""What all tables of named columns have in common, and those that are edited with undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.models.steps import Steps
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
_Whole = TypeVar("_Whole")


class NamedColumns(QAbstractTableModel):
    """Rows under headings. GUI thread."""

    def __init__(self, headings: Sequence[str], parent: Any = None) -> None:
        """`headings`: the keys of the columns' names; "" for a column without one."""
        super().__init__(parent)
        self._headings = tuple(headings)

    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def tell(self, first_column: int = 0) -> None:
        """All that is shown, from this column on, may be different now."""
        if rows := self.count():
            last = self.index(rows - 1, len(self._headings) - 1)
            self.dataChanged.emit(self.index(0, first_column), last)

    def retranslate(self) -> None:
        """Other words hold now."""
        self.tell()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._headings) - 1)

    # -- Qt's side ---------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """No row has rows of its own."""
        return 0 if parent.isValid() else self.count()

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """One a heading."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(self._headings[section]) if self._headings[section] else ""
        return None


class EditedTable(NamedColumns, Generic[_Whole]):
    """Shows a whole that is only ever changed as a whole: every change is a step of undo."""

    changed = Signal()  # `whole` is another now, by the user

    def __init__(self, whole: _Whole, headings: Sequence[str], parent: Any = None) -> None:
        super().__init__(headings, parent)
        self.whole = whole
        self.steps: Steps[_Whole] = Steps()

    def load(self, whole: _Whole) -> None:
        """Show another; nothing can be taken back."""
        self.steps.clear()
        self.show_whole(whole)

    def edit(self, whole: _Whole) -> None:
        """Take a change; it can be undone."""
        if whole != self.whole:
            self.steps.record(self.whole)
            self.show_whole(whole)
            self.changed.emit()

    def undo(self, *, redo: bool = False) -> None:
        """Take the last change back, or do it again."""
        found = self.steps.step(self.whole, redo=redo)
        if found is not None:
            self.show_whole(found)
            self.changed.emit()

    def show_whole(self, whole: _Whole) -> None:
        """Show it, as it was changed elsewhere."""
        if self._count_of(whole) == self.count():  # the selection stays
            self.whole = whole
            self.tell()
            return
        self.beginResetModel()
        self.whole = whole
        self.endResetModel()

    def count(self) -> int:
        """One row a part of the whole."""
        return self._count_of(self.whole)

    def _count_of(self, whole: _Whole) -> int:
        raise NotImplementedError
