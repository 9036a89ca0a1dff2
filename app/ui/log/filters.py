"""Filters and colours of the log's rows: kept, put to work, made of a row, edited in a window."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.filter_table import FilterTable
    from app.models.log_row import LogRow
    from app.models.log_rows import LogRows
    from app.models.row_filter import Filters, RowFilter
    from app.models.row_hues import RowHues
    from app.ui.filters.dialog import FiltersDialog
    from app.ui.log.statistics import StatisticsWindow
    from app.ui.log.view import LogView

_NUMBER = re.compile(r"[+-]?\d")
_LEAST_CHARACTERS = 2
_MOST_CHARACTERS = 60  # of a row's text that becomes a filter
_MOST_BYTES = 16


class LogFilters(QObject):
    """The list of them. GUI thread."""

    changed = Signal()  # other rows are hidden now, perhaps
    chosen = Signal(str)  # the list as it is kept, by the user

    def __init__(self, rows: LogRows, view: LogView, parent: QObject) -> None:
        super().__init__(parent)
        self._rows, self._view = rows, view
        self.filters: Filters = ()
        self._kept = ""  # they, as they are kept
        self._hues: RowHues | None = None  # from the first colour on
        self._table: FilterTable | None = None  # from the first change on
        self._dialog: FiltersDialog | None = None
        self._statistics: StatisticsWindow | None = None

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands do."""
        return {"filters": self.open, "statistics": self.show_statistics}

    @property
    def hiding(self) -> Filters:
        """Those that decide which rows there are."""
        return tuple(each for each in self.filters if each.on and each.deed != "colour")

    @property
    def can_add(self) -> bool:
        """Whether there is room for another."""
        return self._table is None or not self._table.is_full

    def set_filters(self, kept: str) -> None:
        """These are kept in the settings."""
        if kept != self._kept:
            from app.models.row_filter import read_filters

            self._kept = kept
            self._take(read_filters(kept))
            if self._dialog is not None:
                self._dialog.follow(self.filters)
            elif self._table is not None:
                self._table.show_whole(self.filters)

    def add_like(self, row: LogRow, deed: str, hue: str = "yellow") -> None:
        """Colour rows like this one, hide them, or show no others; they can be undone."""
        table = self._editable()
        if not table.is_full:
            table.insert(len(table.filters), like(row, deed, hue))

    def open(self) -> FiltersDialog:
        """Show the list."""
        table = self._editable()
        if self._dialog is None:
            from app.ui.filters.dialog import FiltersDialog  # not for the first paint

            # In a window of its own the log goes back some day; that window takes this along.
            self._dialog = FiltersDialog(table, self._view.window())
            self._dialog.destroyed.connect(self._forget_dialog)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        return self._dialog

    def show_statistics(self) -> None:
        """Show the figures of the journal that is shown."""
        from app.ui.log.statistics import StatisticsWindow

        if self._statistics is None:
            self._statistics = StatisticsWindow(self._rows, self._view.window())
            self._statistics.finished.connect(self._forget_statistics)
        self._statistics.show()
        self._statistics.raise_()
        self._statistics.activateWindow()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _forget_statistics(self) -> None:
        self._statistics = None

    def close_statistics(self) -> None:
        """The journal is about to be another one."""
        if self._statistics is not None:
            self._statistics.reject()

    def shut_down(self) -> None:
        """The program ends."""
        self.close_statistics()
        if self._dialog is not None:
            self._dialog.close()

    def _editable(self) -> FilterTable:
        if self._table is None:
            from app.models.filter_table import FilterTable

            self._table = FilterTable(self)
            self._table.show_whole(self.filters)
            self._table.changed.connect(self._on_edited)
        return self._table

    def _on_edited(self) -> None:
        assert self._table is not None
        from app.models.row_filter import write_filters

        self._take(self._table.filters)
        self._kept = write_filters(self.filters)
        self.chosen.emit(self._kept)

    def _take(self, filters: Filters) -> None:
        self.filters = filters
        colours = tuple(each for each in filters if each.on and each.deed == "colour")
        if self._hues is None and colours:
            from app.models.row_hues import RowHues

            self._hues = RowHues(self._rows)
            self._view.set_hues(self._hues)
        if self._hues is not None:
            self._hues.set_filters(colours)
        self.changed.emit()


def like(row: LogRow, deed: str, hue: str) -> RowFilter:
    """Return a filter that fits a row: its text, or its first bytes where that says little."""
    from app.models.row_filter import RowFilter

    lines = row.text.splitlines()
    line = (lines[0] if lines else "")[:_MOST_CHARACTERS].strip()
    # What comes before the first number is mostly what such rows have in common.
    head = _NUMBER.split(line, 1)[0].strip()
    text = head if len(head) >= _LEAST_CHARACTERS else line
    if text and text.isprintable():
        return RowFilter("text", text, deed=deed, hue=hue)
    return RowFilter("hex", row.data[:_MOST_BYTES].hex(" ").upper(), deed=deed, hue=hue)
