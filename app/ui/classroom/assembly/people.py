"""The roll: counts in large type, and a line for each pupil."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.models.roll_table import RollColumn, RollTable
from app.ui.classroom.assembly.big import BigText
from app.ui.theme import theme
from app.ui.widgets import OverflowBar, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.teaching.roll.roll import Pupil

TOOLS = {"copy": "copy", "export": "export", "forget": "clear"}
ROW_PX = 26


class PeoplePage(Worded, QWidget):
    """Tells what is wanted of the roll. GUI thread."""

    wanted = Signal(str)  # one of TOOLS

    def __init__(self) -> None:
        super().__init__()
        self.count, self.rows, self.table = BigText(44, 24), RollTable(), _Table()
        self._empty = PlainLabel(role="secondary")
        self._empty.setWordWrap(True)
        self.tools: dict[str, QAction] = {}
        self._bar = OverflowBar()
        for name, icon in TOOLS.items():
            action = QAction(theme().icon(icon), "", self)
            action.triggered.connect(lambda _on, name=name: self.wanted.emit(name))
            self.tools[name] = action
            self._bar.add_action(action)
        self.table.setModel(self.rows)
        self.table.fit_columns()
        self.table.copy_pressed.connect(lambda: self.wanted.emit("copy"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.count, self._bar, self._empty):
            self._column.addWidget(widget)
        self._column.addWidget(self.table, 1)
        self._column.addStretch()
        self.dress()

    def show_roll(self, pupils: list[Pupil], answers: Mapping[int, str]) -> None:
        """Show these."""
        self.rows.show(pupils, answers)
        self.table.setColumnHidden(RollColumn.ANSWER, not answers)
        self._empty.setVisible(not pupils)
        self.table.setVisible(bool(pupils))

    def chosen(self) -> list[Pupil]:
        """Return the selected pupils, or all, in the order on show."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.rows.pupils[row] for row in rows] or self.rows.pupils

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        self._column.setSpacing(theme().px(4))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, action in self.tools.items():
            action.setText(tr(f"assembly.{name}"))
            action.setToolTip(tr(f"assembly.{name}_tip"))
        self._empty.setText(tr("assembly.nobody"))
        self.table.setAccessibleName(tr("assembly.tab_people"))
        self.rows.retranslate()


class _Table(Worded, QTableView):
    """Rows are sorted by a click on a title. GUI thread."""

    copy_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.dress()

    def fit_columns(self) -> None:
        """No name is cut; where all is not in sight, the last columns are reached by scrolling."""
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSortIndicator(RollColumn.NUMBER, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_pressed.emit()
        else:
            super().keyPressEvent(event)

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(theme().px(ROW_PX))
        rows.setDefaultSectionSize(theme().px(ROW_PX))
