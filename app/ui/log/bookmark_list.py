"""The list of the bookmarks: a click goes there, F2 edits the comment, Del removes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QTableView, QVBoxLayout

from app.models.bookmark_table import CLIENT, COMMENT, CONTENT, TIME, BookmarkTable
from app.ui.dialogs import fit_dialog
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.table_tools import TableTools, Tool
from app.wording import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.models.bookmarks import Bookmarks
    from app.models.log_rows import LogRows

TOOLS = (
    Tool("bookmarks_edit", "text", "F2", in_table=True),
    Tool("bookmarks_remove", "trash", "Delete", in_table=True),
    Tool("bookmarks_undo", "undo", "Ctrl+Z", in_table=True),
)
_WIDTHS = {TIME: 150, CLIENT: 180, COMMENT: 220}


class BookmarkList(QDialog):
    """Stays beside the log while it shows this journal. GUI thread."""

    chosen = Signal(object)  # an entry's number: an int that may exceed 32 bits

    def __init__(self, marks: Bookmarks, rows: LogRows, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("log.bookmarks_title"))
        self._marks = marks
        self.model = BookmarkTable(marks, rows, self)
        self.table = _table(self.model)
        self.tools = TableTools("log", TOOLS, self, self.table)
        self.tools.used.connect(self._use)
        self._note = PlainLabel("", role="secondary")
        self._note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in buttons.buttons():  # Return ends the editing of a comment, not the list
            button.setAutoDefault(False)  # type: ignore[attr-defined]
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.tools, self.table, self._note, buttons):
            column.addWidget(widget)
        column.setStretchFactor(self.table, 1)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.clicked.connect(self._on_current)
        self.table.selectionModel().selectionChanged.connect(self._show_state)
        self.model.modelReset.connect(self._show_state)
        self.model.dataChanged.connect(self._show_state)
        fit_dialog(self, QSize(760, 360))
        self._show_state()
        self.table.setFocus()

    def _rows(self) -> list[int]:
        return sorted({index.row() for index in self.table.selectionModel().selectedRows()})

    def _on_current(self, current: QModelIndex, *_: object) -> None:
        entry_id = self.model.entry_of(current.row())
        if entry_id is not None:
            self.chosen.emit(entry_id)

    def _use(self, name: str) -> None:
        current = self.table.currentIndex()
        if name == "bookmarks_edit":
            self.table.edit(current.siblingAtColumn(COMMENT))
        elif name == "bookmarks_remove":
            self.model.remove(self._rows())
        else:
            self._marks.undo()

    def _show_state(self) -> None:
        rows, count = self._rows(), self.model.rowCount()
        self.tools.enable(
            {
                "bookmarks_edit": len(rows) == 1,
                "bookmarks_remove": bool(rows),
                "bookmarks_undo": self._marks.can_undo,
            }
        )
        words = tr("log.bookmarks_hint") if count else tr("log.bookmarks_none")
        self._note.setText(words)


def _table(model: BookmarkTable) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(tr("log.bookmarks_title"))
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QTableView.EditTrigger.DoubleClicked)  # F2: whatever cell is current
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme().px(26))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in _WIDTHS.items():
        table.setColumnWidth(column, theme().px(width))
    header.setSectionResizeMode(CONTENT, QHeaderView.ResizeMode.Stretch)
    return table
