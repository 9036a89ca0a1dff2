"""What to do before there is anything to see: open the port, or start a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.bridge.controller import ServerState
from app.teaching.habits import Habit
from app.ui.theme import set_role, theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.ui.classroom.desk import Desk


class NextStep(Worded, QWidget):
    """A sentence and a button that does what it says; hidden once clients are there. GUI thread."""

    def __init__(self, desk: Desk, parent: QWidget, demo: Habit = Habit.TALKATIVE) -> None:
        """`demo` is the kind of client that the button starts.

        It may show itself at once: without a parent it would be a window for a moment.
        """
        super().__init__(parent)
        self._desk = desk
        self._controller, self._service, self._demo = desk.controller, desk.service, demo
        self._text, self._button = PlainLabel(role="secondary"), QPushButton()
        self._text.setWordWrap(True)
        self._button.clicked.connect(self._take)
        set_role(self._button, "primary")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        desk.exhibit_changed.connect(self.refresh)
        self._controller.state_changed.connect(self.refresh)
        self._controller.clients_joined.connect(self.refresh)
        self._controller.clients_left.connect(self.refresh)
        self._desk = desk
        desk.exhibit_changed.connect(self.refresh)
        self.dress()
        self.refresh()

    @property
    def step(self) -> str:
        """What comes next: "open", "client", or "" for nothing."""
        if not self._desk.exhibit.is_own:
            return ""
        if self._controller.state is not ServerState.OPEN:
            return "open"
        return "" if self._service.online else "client"

    def refresh(self) -> None:
        """Say what comes next."""
        step = self.step
        self.setVisible(bool(step) and self._desk.exhibit.is_own)
        if step:
            self._text.setText(tr(f"step.{step}_text"))
            self._button.setText(tr(f"step.{step}_button"))
            self._button.setToolTip(tr(f"step.{step}_tip"))
            self._button.setEnabled(self._controller.state is not ServerState.CLOSING)

    def _take(self) -> None:
        if self.step == "open":
            self._service.open()
        else:
            self._service.start_demo(self._demo)

    def minimumSizeHint(self) -> QSize:
        """Any width is enough: the sentence breaks."""
        return QSize(theme().px(160), super().minimumSizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._row.setContentsMargins(px(4), px(2), px(4), px(2))
        self._row.setSpacing(px(12))
