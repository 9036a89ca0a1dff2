"""The roll as a table's rows, sorted by any column."""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.wording import tr
from app.wording.amounts import clock_text, size_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.teaching.roll.roll import Pupil

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RollColumn(IntEnum):
    """What stands in which column."""

    NUMBER = 0
    NAME = 1
    ANSWER = 2
    STATE = 3
    BYTES = 4
    SINCE = 5


_NUMBERS = (RollColumn.NUMBER, RollColumn.BYTES)


class RollTable(QAbstractTableModel):
    """A row for each pupil. It is told what there is; GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._pupils: list[Pupil] = []  # as they came
        self._rows: list[Pupil] = []  # as they are shown
        self._cells: dict[int, tuple[str, ...]] = {}  # by key, as painted
        self._answers: Mapping[int, str] = {}
        self._column, self._order = RollColumn.NUMBER, Qt.SortOrder.AscendingOrder

    @property
    def pupils(self) -> list[Pupil]:
        """In the order on show."""
        return self._rows

    def show(self, pupils: list[Pupil], answers: Mapping[int, str]) -> None:
        """Show these; what is selected stays selected."""
        self._pupils, self._answers = pupils, answers
        cells = {pupil.key: self._texts(pupil) for pupil in pupils}
        rows = self._sorted(pupils)
        if rows != self._rows:
            self._cells = cells
            self._arrange(rows)
            return
        before, self._cells = self._cells, cells
        for row, pupil in enumerate(rows):
            if before.get(pupil.key) != cells[pupil.key]:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(RollColumn) - 1))

    def _arrange(self, rows: list[Pupil]) -> None:
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        former = self._rows
        place = {pupil.key: row for row, pupil in enumerate(rows)}
        olds = self.persistentIndexList()
        self._rows = rows
        self.changePersistentIndexList(
            olds,
            [self.index(place.get(former[old.row()].key, -1), old.column()) for old in olds],
        )
        self.layoutChanged.emit()

    def _sorted(self, pupils: list[Pupil]) -> list[Pupil]:
        down = self._order is Qt.SortOrder.DescendingOrder
        return sorted(pupils, key=self._key, reverse=down)

    def _key(self, pupil: Pupil) -> Any:
        match self._column:
            case RollColumn.NUMBER:
                return pupil.session.client_id
            case RollColumn.BYTES:
                return pupil.bytes_in
            case RollColumn.SINCE:
                return pupil.since_ns
            case RollColumn.NAME:  # who has none comes last
                return not pupil.name, unicodedata.normalize("NFKC", pupil.name).casefold()
            case RollColumn.STATE:
                return list(type(pupil.presence)).index(pupil.presence)
            case _:
                answer = self._answers.get(pupil.key, "")
                return not answer, answer

    def _texts(self, pupil: Pupil) -> tuple[str, ...]:
        return (
            str(pupil.session.client_id),
            pupil.name or tr("assembly.nameless", where=pupil.session.endpoint),
            self._answers.get(pupil.key, ""),
            tr(f"assembly.state_{pupil.presence.value}"),
            size_text(pupil.bytes_in),
            clock_text(pupil.since_ns)[:8],
        )

    # -- what Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(RollColumn)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """A cell's text, and how it is aligned."""
        if role in (_Role.DisplayRole, _Role.ToolTipRole):
            text = self._cells[self._rows[index.row()].key][index.column()]
            return text if role == _Role.DisplayRole else _plain(text)
        if role == _Role.TextAlignmentRole:
            return _RIGHT if index.column() in _NUMBERS else _LEFT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """A column's title, and what it means."""
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(RollColumn):
            name = RollColumn(section).name.lower()
            if role == _Role.DisplayRole:
                return tr(f"assembly.column_{name}")
            if role == _Role.ToolTipRole:
                return tr(f"assembly.column_{name}_tip")
            if role == _Role.TextAlignmentRole:
                return _RIGHT if section in _NUMBERS else _LEFT
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort from now on by a column."""
        self._column, self._order = RollColumn(max(column, 0)), order
        self._arrange(self._sorted(self._pupils))

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        self.show(self._pupils, self._answers)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(RollColumn) - 1)


def _plain(text: str) -> str:
    """A tooltip takes what looks like HTML for HTML."""
    from html import escape

    return f"<span>{escape(text)}</span>" if "<" in text or "&" in text else text
