"""The filters of the log, beside the main window: every change is at work at once."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.models.filter_table import HUE_ROLE, FilterTable
from app.models.row_filter import Filters, RowFilter
from app.ui.dialogs import fit_dialog
from app.ui.filters.form import FilterForm
from app.ui.theme import theme
from app.ui.widgets.rows_view import RowsView
from app.ui.widgets.table_tools import TableTools, Tool
from app.ui.widgets.worded import Worded
from app.wording import tr

_TOOLS = (
    Tool("add", "plus", "Ctrl+N"), Tool("copy", "copy", "Ctrl+D"),
    Tool("remove", "trash", "Del", in_table=True),
    Tool("up", "up", "Alt+Up"), Tool("down", "down", "Alt+Down"),
    Tool("undo", "undo", "Ctrl+Z"), Tool("redo", "", "Ctrl+Shift+Z"),
)  # fmt: skip


class FiltersDialog(Worded, QDialog):
    """Table above, form below. GUI thread."""

    def __init__(self, table: FilterTable, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = table
        self.view = RowsView(table, 0)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setItemDelegate(_Coloured(self.view))
        self.form = FilterForm()
        self.tools = TableTools("filters", _TOOLS, self, self.view)
        self.tools.used.connect(self._act)
        column = QVBoxLayout(self)
        column.addWidget(self.tools)
        column.addWidget(self.view, 1)
        column.addWidget(self.form)
        header = self.view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.view.selectionModel().currentRowChanged.connect(lambda: self._show_current())
        table.modelReset.connect(self._show_current)
        table.changed.connect(self._show_current)
        self.form.edited.connect(self._on_edited)
        self._select(0)
        self.dress()
        fit_dialog(self, QSize(500, 400))

    def edit_last(self) -> None:
        """Go to the pattern of the filter that was added last."""
        self._select(len(self.table.filters) - 1)
        self.form.pattern.setFocus()
        self.form.pattern.selectAll()

    def follow(self, filters: Filters) -> None:
        """They were changed elsewhere."""
        self.table.show_whole(filters)
        self._show_current()

    def _on_edited(self, chosen: RowFilter) -> None:
        if 0 <= self._row < len(self.table.filters):
            self.table.put(self._row, chosen)

    @property
    def _row(self) -> int:
        return self.view.currentIndex().row()

    def _select(self, row: int) -> None:
        if self.table.filters:
            row = min(max(row, 0), len(self.table.filters) - 1)
            self.view.setCurrentIndex(self.table.index(row, 0))
        self._show_current()

    def _show_current(self) -> None:
        filters, row = self.table.filters, self._row
        self.form.show_filter(filters[row] if 0 <= row < len(filters) else None)
        steps, room = self.table.steps, not self.table.is_full
        self.tools.enable(
            {
                "add": room, "copy": row >= 0 and room, "remove": row >= 0, "up": row > 0,
                "down": 0 <= row < len(filters) - 1,
                "undo": steps.can_undo, "redo": steps.can_redo,
            }
        )  # fmt: skip

    # -- the tools ---------------------------------------------------------------------------

    def _act(self, name: str) -> None:
        self.form.flush()
        getattr(self, f"_do_{name}")()

    def _do_add(self) -> None:
        self.table.insert(len(self.table.filters), RowFilter())
        self.edit_last()

    def _do_copy(self) -> None:
        self._select(self.table.insert(self._row + 1, self.table.filters[self._row]))

    def _do_remove(self) -> None:
        row = self._row
        self.table.remove(row)
        self._select(row)

    def _do_up(self) -> None:
        self._select(self.table.move(self._row, -1))

    def _do_down(self) -> None:
        self._select(self.table.move(self._row, 1))

    def _do_undo(self, *, redo: bool = False) -> None:
        row = self._row
        self.table.undo(redo=redo)
        self._select(row)

    def _do_redo(self) -> None:
        self._do_undo(redo=True)

    # -- coming and going --------------------------------------------------------------------

    def done(self, result: int) -> None:
        """It closes: what is typed holds."""
        self.form.flush()
        super().done(result)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("filters.title"))
        self.view.setAccessibleName(tr("filters.title"))
        self.view.nothing.setText(tr("filters.empty"))
        self.table.retranslate()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.view.viewport().update()


class _Coloured(QStyledItemDelegate):
    """Paints a filter in its colour."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        hue = index.data(HUE_ROLE)
        if hue:
            option.backgroundBrush = theme().colour(f"row_{hue}")  # type: ignore[assignment]
