"""The list of tasks, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.task_list import Column, TaskList, can_pause
from app.net.tasks.facts import TaskState
from app.ui.theme import theme
from app.ui.widgets.rows_view import RowsView
from app.ui.widgets.table_tools import TableTools, Tool
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.net.tasks.task import Task

_TOOLS = (
    Tool("pause", "pause", "Space", in_table=True),
    Tool("go_on", "play", "Ctrl+Space", in_table=True),
    Tool("stop", "stop", "Esc", in_table=True),
    Tool("remove", "trash", "Del", in_table=True),
    Tool("remove_ended", "clear", "Shift+Del", in_table=True),
)
_WIDTHS = {
    Column.NAME: 150, Column.KIND: 64, Column.TARGET: 130, Column.SENT: 80, Column.SKIPPED: 84,
    Column.PROGRESS: 190,
}  # fmt: skip


class TaskPanel(Worded, QWidget):
    """Shows a TaskList. GUI thread."""

    def __init__(self, tasks: TaskList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = tasks
        self.view = _make_view(tasks)
        self.tools = TableTools("tasks", _TOOLS, self, self.view)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.tools)
        self._column.addWidget(self.view, 1)
        self.tools.used.connect(self.act)
        self.view.selectionModel().selectionChanged.connect(lambda: self._show_tools())
        for changed in (tasks.dataChanged, tasks.rowsInserted, tasks.rowsRemoved):
            changed.connect(lambda *_: self._show_tools())
        tasks.rowsInserted.connect(lambda _parent, first, _last: self._choose(first))
        self._show_tools()
        self.dress()

    @property
    def rows(self) -> list[int]:
        """The selected ones."""
        return [index.row() for index in self.view.selectionModel().selectedRows()]

    @property
    def chosen(self) -> list[Task]:
        """The tasks that are selected; the only one there is, too."""
        tasks = self.list.tasks
        return [tasks[row] for row in self.rows] or (tasks if len(tasks) == 1 else [])

    def _choose(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag
        index = self.list.index(row, Column.NAME)
        self.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _show_tools(self) -> None:
        states = {task.state for task in self.chosen}
        self.tools.enable({
            "pause": any(map(can_pause, self.chosen)),
            "go_on": TaskState.PAUSED in states,
            "stop": bool(states - {TaskState.ENDED}),
            "remove": bool(states),
            "remove_ended": any(task.end is not None for task in self.list.tasks),
        })  # fmt: skip

    # -- the user ----------------------------------------------------------------------------

    def act(self, name: str) -> None:
        """Use a tool."""
        getattr(self, f"_do_{name}")()
        self.list.look()

    def _do_pause(self) -> None:
        for task in self.chosen:
            task.pause()

    def _do_go_on(self) -> None:
        for task in self.chosen:
            task.go_on()

    def _do_stop(self) -> None:
        for task in self.chosen:
            task.finish()

    def _do_remove(self) -> None:
        self.list.remove(self.list.tasks.index(task) for task in self.chosen)

    def _do_remove_ended(self) -> None:
        self.list.remove(row for row, task in enumerate(self.list.tasks) if task.end is not None)

    # -- looks -------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.view.setAccessibleName(tr("tasks.title"))
        self.view.nothing.setText(tr("tasks.empty"))
        self.list.retranslate()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(6), 0, px(6), px(4))
        self._column.setSpacing(px(2))
        for column, width in _WIDTHS.items():
            self.view.setColumnWidth(column, px(width))
        self.view.setMinimumHeight(px(72))


def _make_view(tasks: TaskList) -> RowsView:
    view = RowsView(tasks, Column.STATE)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return view
