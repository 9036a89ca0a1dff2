"""Which columns the client table shows, how wide and in which order; kept between two starts.

Widths are kept in the design's pixels, so that they fit every type size, and columns by name, so
that a later version may add some.
"""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QHeaderView

from app.models.client_columns import HIDDEN_AT_FIRST, Column
from app.ui.theme import theme

WIDTHS_PX = {
    Column.NUMBER: 48.0, Column.ADDRESS: 184.0, Column.STATE: 140.0, Column.ENCODING: 100.0,
    Column.BYTES_IN: 90.0, Column.BYTES_OUT: 88.0, Column.WAITING: 88.0, Column.IDLE: 72.0,
    Column.REASON: 188.0, Column.THREAD: 208.0, Column.SINCE: 184.0, Column.NOTE: 168.0,
    Column.SERVER: 120.0,
}  # fmt: skip
LEAST_WIDTH_PX = 40
MOST_WIDTH_PX = 2000
# The last column takes the rest; only where less than this is left does the table scroll sideways.
LAST_LEAST_PX = 96
ALWAYS_SHOWN = Column.ADDRESS  # a table without columns could not be brought back


class ColumnLayout(QObject):
    """Keeps a header's columns. GUI thread."""

    def __init__(self, header: QHeaderView) -> None:
        super().__init__(header)
        self._header = header
        self._widths_px: dict[Column, float] = dict(WIDTHS_PX)
        self._applying = False
        self._several = False  # servers
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self.apply_widths)
        theme().changed.connect(self.apply_widths)

    def reset(self) -> None:
        """As at the first start."""
        self._widths_px = dict(WIDTHS_PX)
        self._arrange(list(Column), {c for c in Column if c not in HIDDEN_AT_FIRST})
        self._header.setSortIndicator(Column.NUMBER, Qt.SortOrder.AscendingOrder)

    def is_shown(self, column: Column) -> bool:
        """Whether the column can be seen."""
        return not self._header.isSectionHidden(column)

    def show_column(self, column: Column, on: bool = True) -> None:
        """Show or hide a column; ALWAYS_SHOWN stays."""
        self._applying = True  # a section that comes back has a width of Qt's, not the user's
        self._header.setSectionHidden(column, not on and column is not ALWAYS_SHOWN)
        self.apply_widths()

    def show_server(self, several: bool) -> None:
        """Where there begin to be several servers, say which one a client came to."""
        if several is not self._several:
            self._several = several
            self.show_column(Column.SERVER, several)

    def apply_widths(self) -> None:
        """Give every column its width in the type size of now; the last one takes the rest."""
        self._applying = True
        px = theme().px
        self._header.setMinimumSectionSize(px(LEAST_WIDTH_PX))
        last = self._last_shown()
        for column, width_px in self._widths_px.items():
            if self.is_shown(column):
                if column == last:
                    width_px = min(width_px, LAST_LEAST_PX)
                self._header.resizeSection(column, px(width_px))
        self._applying = False

    def _on_resized(self, section: int, _before: int, now: int) -> None:
        if not self._applying and now > 0 and section != self._last_shown():
            self._widths_px[Column(section)] = now / theme().scale

    def _last_shown(self) -> int:
        header = self._header
        order = [header.logicalIndex(at) for at in range(header.count())]
        return [section for section in order if not header.isSectionHidden(section)][-1]

    def _arrange(self, order: list[Column], shown: set[Column]) -> None:
        for at, column in enumerate(order):
            self._header.moveSection(self._header.visualIndex(column), at)
        for column in order:
            self._header.setSectionHidden(column, column not in shown | {ALWAYS_SHOWN})
        self.apply_widths()

    # -- between two starts ----------------------------------------------------------------

    def save(self) -> QByteArray:
        """Order, widths, which are shown, and what is sorted by."""
        header = self._header
        order = [Column(header.logicalIndex(at)) for at in range(header.count())]
        columns = [[c.name, round(self._widths_px[c], 1), self.is_shown(c)] for c in order]
        sort = Column(header.sortIndicatorSection()).name
        descending = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        stored = {"columns": columns, "sort": sort, "descending": descending}
        return QByteArray(json.dumps(stored).encode())

    def restore(self, saved: QByteArray) -> bool:
        """Find the columns as `save` left them; False, and nothing changed, if it is damaged."""
        try:
            stored = json.loads(bytes(saved.data()))
            columns = [_checked(*entry) for entry in stored["columns"] if entry[0] in _NAMES]
            sort, descending = Column[stored["sort"]], bool(stored["descending"])
        except (ValueError, TypeError, KeyError, IndexError, RecursionError):
            return False
        known = {column for column, _, _ in columns}
        stored_order = [column for column, _, _ in columns]
        if Column.SERVER not in known:  # of an earlier version: where it stands at first
            stored_order.insert(1, Column.SERVER)
        order = list(dict.fromkeys(stored_order + list(Column)))
        new = {c for c in Column if c not in known and c not in HIDDEN_AT_FIRST}
        self._widths_px.update({column: width_px for column, width_px, _ in columns})
        shown = {column for column, _, is_shown in columns if is_shown} | new
        self._arrange(
            order, shown - {Column.SERVER} | ({Column.SERVER} if self._several else set())
        )
        order_of_rows = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._header.setSortIndicator(sort, order_of_rows)
        return True


_NAMES = frozenset(column.name for column in Column)


def _checked(name: Any, width_px: Any, shown: Any) -> tuple[Column, float, bool]:
    """Raise ValueError or TypeError for what `save` does not write."""
    width = min(max(float(width_px), LEAST_WIDTH_PX), MOST_WIDTH_PX)
    if width != width:  # NaN is valid for json
        raise ValueError(width_px)
    return Column[name], width, bool(shown)
