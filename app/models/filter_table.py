"""The filters of the log as a table: edited, moved, switched, undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from app.models.row_filter import MOST_FILTERS, Filters, RowFilter
from app.models.row_judge import compiled
from app.models.tables import EditedTable, Index
from app.reply.rules import RuleFault
from app.text.visible import escaped
from app.wording import tr
from app.wording.rules import rule_complaint

COLUMNS = ("pattern", "match", "deed")
HUE_ROLE = Qt.ItemDataRole.UserRole  # the name of a filter's colour; "" where it has none


class FilterTable(EditedTable[Filters]):
    """One row a filter, in the order in which they are asked. GUI thread."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__((), [f"filters.{column}" for column in COLUMNS], parent)

    @property
    def filters(self) -> Filters:
        """Those that are shown."""
        return self.whole

    def _count_of(self, whole: Filters) -> int:
        return len(whole)

    # -- editing -----------------------------------------------------------------------------

    def put(self, row: int, chosen: RowFilter) -> None:
        """Put a filter in the place of another."""
        self.edit((*self.filters[:row], chosen, *self.filters[row + 1 :]))

    def insert(self, row: int, chosen: RowFilter) -> int:
        """Add a filter before `row`; return its row."""
        self.edit((*self.filters[:row], chosen, *self.filters[row:]))
        return row

    @property
    def is_full(self) -> bool:
        """Whether there is room for no other."""
        return len(self.filters) >= MOST_FILTERS

    def remove(self, row: int) -> None:
        """Remove a filter."""
        self.edit((*self.filters[:row], *self.filters[row + 1 :]))

    def move(self, row: int, by: int) -> int:
        """Move a filter up or down; return where it is now."""
        filters = list(self.filters)
        place = min(max(row + by, 0), len(filters) - 1)
        filters.insert(place, filters.pop(row))
        self.edit(tuple(filters))
        return place

    # -- Qt's side ---------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A filter is switched in its first cell."""
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else found

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        chosen, column = self.filters[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            if column == "pattern":
                warning = "⚠ " if complaint_of(chosen) else ""
                return warning + escaped(chosen.pattern)
            return tr(f"filters.{column}_{getattr(chosen, column)}")
        if role == Qt.ItemDataRole.CheckStateRole and column == "pattern":
            return Qt.CheckState.Checked if chosen.on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return complaint_of(chosen) or None
        if role == HUE_ROLE:
            return chosen.hue if chosen.deed == "colour" else ""
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Switch a filter on or off."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        on = Qt.CheckState(value) is Qt.CheckState.Checked
        self.put(index.row(), replace(self.filters[index.row()], on=on))
        return True


def complaint_of(chosen: RowFilter) -> str:
    """Say what is wrong with a filter's pattern; "" if nothing is."""
    try:
        compiled(chosen)
    except RuleFault as fault:
        return rule_complaint(fault)
    return ""
