"""The list of the exercises, what is wrong with some folders, the teacher's means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.theme import set_role, theme
from app.ui.widgets import FieldError, PlainLabel
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.teaching.exercises.shelf import Contents, Exercise, Flaw

_KEY = Qt.ItemDataRole.UserRole
LONGEST_NAME = 80  # characters


class ListingPage(Worded, QWidget):
    """Tells which exercise was chosen. GUI thread."""

    exercise_chosen = Signal(str)  # its key
    folder_wanted = Signal()
    export_wanted = Signal()
    student_named = Signal(str)
    solutions_hidden = Signal(bool)

    def __init__(self, folder: str, is_done: Callable[[Exercise], bool]) -> None:
        """`folder` is the teacher's, in the system's notation."""
        super().__init__()
        self._folder, self._is_done = folder, is_done
        self._contents: Contents | None = None
        self._current = ""
        self.list, self._nothing = QListWidget(), PlainLabel(role="secondary")
        self._who_label, self.who = PlainLabel(), QLineEdit()
        self.hide_solutions, self.export = QCheckBox(), QPushButton()
        self.open_folder, self.error = QPushButton(), FieldError()
        self._lay_out()
        self._connect()
        self.dress()

    def _lay_out(self) -> None:
        set_role(self.list, "contents")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._nothing.setWordWrap(True)
        self.who.setMaxLength(LONGEST_NAME)
        self._who_label.setBuddy(self.who)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._nothing)
        self._column.addWidget(self.list, 1)
        self._row = QHBoxLayout()
        self._row.addWidget(self._who_label)
        self._row.addWidget(self.who, 1)
        self._row.addWidget(self.export)
        self._column.addLayout(self._row)
        self._column.addWidget(self.hide_solutions)
        self._column.addWidget(self.open_folder, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.error)

    def _connect(self) -> None:
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self.open_folder.clicked.connect(self.folder_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.who.editingFinished.connect(lambda: self.student_named.emit(self.who.text().strip()))
        self.hide_solutions.clicked.connect(self.solutions_hidden)

    def show_contents(self, contents: Contents, current: str) -> None:
        """Show these; the one whose key is `current` is chosen."""
        self._contents, self._current = contents, current
        self._fill()

    def _fill(self) -> None:
        if self._contents is None:
            return
        self.list.clear()
        for flaw in self._contents.flaws:  # first: who dropped the folder looks for it
            item = QListWidgetItem(theme().icon("warning", "warning"), _sentence(flaw))
            item.setToolTip(plain_tooltip(flaw.folder))
            self.list.addItem(item)
        for number, exercise in enumerate(self._contents.exercises, 1):
            self._add(number, exercise)
        self._nothing.setVisible(not self._contents.exercises)
        self._nothing.setText(tr("exercises.none"))

    def _add(self, number: int, exercise: Exercise) -> None:
        title = f"{number}.  {exercise.task.title}"
        if exercise.is_own:
            title = tr("exercises.own", title=title)
        done = self._is_done(exercise)
        item = QListWidgetItem(tr("exercises.done", title=title) if done else title)
        if done:
            item.setIcon(theme().icon("check", "received"))
        item.setData(_KEY, exercise.key)
        item.setToolTip(plain_tooltip(exercise.key))
        self.list.addItem(item)
        if exercise.key == self._current:
            self.list.setCurrentItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        if key := item.data(_KEY):
            self.exercise_chosen.emit(key)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setSpacing(px(6))
        self._row.setSpacing(px(6))
        self.list.setIconSize(QSize(px(16), px(16)))
        self._fill()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.list.setAccessibleName(tr("classroom.exercises"))
        for widget, name in (
            (self._who_label, "who"), (self.hide_solutions, "hide"),
            (self.export, "export"), (self.open_folder, "folder"),
        ):  # fmt: skip
            widget.setText(tr(f"exercises.{name}"))
            tip = tr(f"exercises.{name}_tip", folder=self._folder)
            widget.setToolTip(plain_tooltip(tip))
        self.who.setAccessibleName(tr("exercises.who"))
        self.who.setToolTip(tr("exercises.who_tip"))
        self._fill()


def _sentence(flaw: Flaw) -> str:
    return tr(f"exercises.flaw_{flaw.lack}", name=flaw.folder, detail=flaw.detail)
