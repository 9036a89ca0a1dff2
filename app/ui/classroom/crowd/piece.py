"""A row for each kind of demo client: what it does, how many there are, more, none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.teaching.habits import Habit
from app.ui.theme import set_role, theme
from app.ui.widgets import HeadingLabel, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.ui.classroom.desk import Desk

NUMBERS = (1, 10, 100)


class CrowdPiece(Worded, QScrollArea):
    """Starts and stops demo clients; the port is opened for them. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._demos, self._service = desk.service.demos, desk.service
        self._hint = PlainLabel(role="secondary")
        self._hint.setWordWrap(True)
        self._stop_all = QPushButton()
        self._stop_all.clicked.connect(lambda: self._demos.stop())
        self.rows = {kind: KindRow(kind) for kind in Habit}
        for kind, row in self.rows.items():
            row.started.connect(partial(self._service.start_demo, kind))
            row.stopped.connect(partial(self._demos.stop, kind))
        self._lay_out()
        self._demos.changed.connect(self._show_counts)
        self.dress()
        self._show_counts()

    def _lay_out(self) -> None:
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.addWidget(self._hint)
        for row in self.rows.values():
            self._column.addWidget(row)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self._stop_all)
        self._column.addLayout(last)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _show_counts(self) -> None:
        counts = self._demos.counts
        for kind, row in self.rows.items():
            row.show_count(counts[kind])
        self._stop_all.setEnabled(bool(counts))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(12), px(8), px(12), px(12))
        self._column.setSpacing(px(10))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("classroom.crowd"))
        self._hint.setText(tr("crowd.hint"))
        self._stop_all.setText(tr("crowd.stop_all"))
        self._stop_all.setToolTip(tr("crowd.stop_all_tip"))


class KindRow(Worded, QWidget):
    """One kind."""

    started = Signal(int)  # so many more
    stopped = Signal()

    def __init__(self, kind: Habit) -> None:
        super().__init__()
        self._kind, self._playing = kind, 0
        self._name, self._count = HeadingLabel(), PlainLabel(role="secondary")
        self._habit = PlainLabel(role="secondary")
        self._habit.setWordWrap(True)
        self._stop = QToolButton()
        self._stop.setIcon(theme().icon("stop"))
        self._stop.setAutoRaise(True)
        self._stop.clicked.connect(lambda: self.stopped.emit())
        self.buttons = {number: self._button(number) for number in NUMBERS}
        self._lay_out()
        self.dress()

    def _button(self, number: int) -> QToolButton:
        button = QToolButton()
        button.setText(f"+{number}")
        set_role(button, "segment-only")
        button.clicked.connect(lambda: self.started.emit(number))
        return button

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._first = first = QHBoxLayout()
        for widget in (self._name, self._count):
            first.addWidget(widget)
        first.addStretch(1)
        for button in (*self.buttons.values(), self._stop):
            first.addWidget(button)
        self._grid.addLayout(first, 0, 0)
        self._grid.addWidget(self._habit, 1, 0)

    def show_count(self, count: int) -> None:
        """So many play now."""
        self._playing = count
        self._count.setText(tr("crowd.count", n=count) if count else "")
        self._stop.setEnabled(count > 0)

    @property
    def count_text(self) -> str:
        """What is said about how many there are."""
        return self._count.text()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._grid.setVerticalSpacing(theme().px(2))
        self._first.setSpacing(theme().px(6))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        name = tr(f"crowd.{self._kind.value}")
        self._name.setText(name)
        self._habit.setText(tr(f"crowd.{self._kind.value}_does"))
        for number, button in self.buttons.items():
            button.setToolTip(tr("crowd.start_tip", n=number, kind=name))
            button.setAccessibleName(button.toolTip())
        self._stop.setToolTip(tr("crowd.stop_tip", kind=name))
        self._stop.setAccessibleName(self._stop.toolTip())
        self.show_count(self._playing)
