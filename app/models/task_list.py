"""The tasks as a table: those that run, and those that have ended until they are removed."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer

from app.models.tables import NOWHERE, Index, NamedColumns
from app.net.tasks.facts import TaskState
from app.wording import tr
from app.wording.tasks import progress_text, state_text, target_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.net.tasks.task import Task

LOOK_MS = 200  # between two looks at what runs
_Role = Qt.ItemDataRole


class Column(IntEnum):
    """What is told of each task."""

    NAME = 0
    KIND = 1
    TARGET = 2
    STATE = 3
    SENT = 4
    SKIPPED = 5
    PROGRESS = 6


_NUMBERS = {Column.SENT, Column.SKIPPED}


class TaskList(NamedColumns):
    """Looks at its tasks by itself while one of them runs. GUI thread."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__([f"tasks.column_{column.name.lower()}" for column in Column], parent)
        self.tasks: list[Task] = []
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def add(self, tasks: Sequence[Task]) -> None:
        """Show these, too."""
        first = len(self.tasks)
        self.beginInsertRows(NOWHERE, first, first + len(tasks) - 1)
        self.tasks += tasks
        self.endInsertRows()
        self._timer.start()

    def remove(self, rows: Iterable[int]) -> None:
        """Show these no longer; one that runs is stopped."""
        for row in sorted(set(rows), reverse=True):
            self.tasks[row].finish()
            self.beginRemoveRows(NOWHERE, row, row)
            del self.tasks[row]
            self.endRemoveRows()

    def look(self) -> None:
        """Show what has become of them."""
        if all(task.end is not None for task in self.tasks):
            self._timer.stop()  # what is read from now on is their last word
        self.tell(Column.STATE)

    def count(self) -> int:
        """One a task."""
        return len(self.tasks)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """The columns' names, and what one of them means."""
        if role == _Role.ToolTipRole and section == Column.SKIPPED:
            return tr("tasks.skipped_tip")
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """What a cell shows."""
        task, column = self.tasks[index.row()], Column(index.column())
        if role in (_Role.DisplayRole, _Role.ToolTipRole):
            return _shown(task, column)
        if role == _Role.TextAlignmentRole and column in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def _shown(task: Task, column: Column) -> str:
    match column:
        case Column.NAME:
            return task.name
        case Column.KIND:
            return tr(f"tasks.kind_{task.kind.value}")
        case Column.TARGET:
            return target_text(task.clients, task.server.label)
        case Column.STATE:
            return state_text(task.state, task.end, task.error)
        case Column.SENT:
            return f"{task.sent:,}"
        case Column.SKIPPED:
            return f"{task.skipped:,}" if task.skipped else ""
        case Column.PROGRESS:
            return progress_text(task)


def can_pause(task: Task) -> bool:
    """Whether it runs, and not only on paper."""
    return task.state not in (TaskState.PAUSED, TaskState.ENDED)
