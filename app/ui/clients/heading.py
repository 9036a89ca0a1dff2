"""The line above the client table: how many there are, and three buttons."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, OverflowBar, PlainLabel
from app.wording import tr


@dataclass(frozen=True, slots=True)
class HeadingState:
    """What the line tells."""

    online: int = 0
    offline: int = 0
    online_selected: bool = False  # a selected client is online
    recorded: bool = False  # these are the clients of an old journal


class ClientHeading(QWidget):
    """Heading, counts and buttons. A button that cannot do anything says why."""

    disconnect_clicked = Signal()
    disconnect_all_clicked = Signal()
    clear_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = HeadingState()
        self._heading, self._counts = HeadingLabel(), PlainLabel(role="secondary")
        self._bar = OverflowBar()
        space = QWidget()  # the buttons stand at the right edge
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar.add_widget(space)
        self._actions = {
            "disconnect": self._action("disconnect", self.disconnect_clicked),
            "disconnect_all": self._action("disconnect-all", self.disconnect_all_clicked),
            "clear": self._action("trash", self.clear_clicked),
        }
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._heading)
        self._row.addWidget(self._counts)
        self._row.addWidget(self._bar, 1)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.retranslate()

    def _action(self, icon: str, clicked: SignalInstance) -> QAction:
        action = QAction(theme().icon(icon), "", self)
        action.triggered.connect(lambda: clicked.emit())
        self._bar.add_action(action)
        return action

    @property
    def counts(self) -> str:
        """The words beside the heading."""
        return self._counts.text()

    def action(self, name: str) -> QAction:
        """Return the action of a button: "disconnect", "disconnect_all" or "clear"."""
        return self._actions[name]

    def show_state(self, state: HeadingState) -> None:
        """Tell this from now on."""
        if state != self._state:
            self._state = state
            self._show()

    def _show(self) -> None:
        state = self._state
        if state.recorded:
            self._counts.setText(tr("clients.counts_recorded", n=state.offline))
        else:
            key = "clients.counts" if state.offline else "clients.counts_online"
            self._counts.setText(tr(key, online=state.online, offline=state.offline))
        self._enable("disconnect", state.online_selected)
        self._enable("disconnect_all", state.online > 0)
        self._enable("clear", state.offline > 0 and not state.recorded)

    def _enable(self, name: str, enabled: bool) -> None:
        why_not = "why_recorded" if self._state.recorded else f"{name}_why_not"
        action = self._actions[name]
        action.setEnabled(enabled)
        action.setToolTip(tr(f"clients.{name}_tip" if enabled else f"clients.{why_not}"))

    def _restyle(self) -> None:
        self._row.setSpacing(theme().px(8))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._heading.setText(tr("clients.heading"))
        for name, action in self._actions.items():
            action.setText(tr(f"clients.{name}"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
