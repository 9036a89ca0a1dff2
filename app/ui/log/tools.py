"""The tool bar over the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QWidget

from app.journal.entry import ClientRecord
from app.models.log_filter import DIRECTIONS
from app.ui.log.client_filter import ClientFilter
from app.ui.log.find_bar import FindBar
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, OverflowBar, SegmentedButtons
from app.wording import tr

_ICONS = {"pause": "pause", "clear": "clear", "show_all": "show-all", "export": "export"}


class LogTools(OverflowBar):
    """Filters, find, the way content is shown, and what can be done with the log."""

    filter_changed = Signal()
    pause_clicked = Signal()
    clear_clicked = Signal()
    show_all_clicked = Signal()
    export_clicked = Signal()

    def __init__(
        self,
        known_clients: Callable[[], Mapping[int, ClientRecord]],
        parent: QWidget | None = None,
    ) -> None:
        self._actions: dict[str, QAction] = {}  # before the base class asks to retranslate
        super().__init__(parent)
        self._waiting = 0
        self._heading = HeadingLabel()
        self.clients = ClientFilter(known_clients)
        self.clients.chosen.connect(lambda _: self.filter_changed.emit())
        self._direction = QComboBox()
        for name in DIRECTIONS:
            self._direction.addItem("", name)
        self._direction.activated.connect(lambda _: self.filter_changed.emit())
        self.finder = FindBar()
        self.modes = SegmentedButtons(
            [("text", "log.text"), ("hex", "log.hex"), ("mixed", "log.mixed")],
            name_key="log.mode_name",
        )
        for widget in (self._heading, self.clients, self._direction, self.finder, self.modes):
            self.add_widget(widget)
        self._add("pause", self.pause_clicked).setCheckable(True)
        self._add("clear", self.clear_clicked)
        self._add("show_all", self.show_all_clicked).setVisible(False)
        self._add("export", self.export_clicked)
        self.retranslate()

    def _add(self, name: str, clicked: SignalInstance) -> QAction:
        action = QAction(theme().icon(_ICONS[name]), "", self)
        action.triggered.connect(lambda: clicked.emit())
        self._actions[name] = action
        self.add_action(action)
        return action

    @property
    def kinds(self) -> frozenset[int] | None:
        """The kinds of entry that the chosen direction lets through."""
        return DIRECTIONS[self._direction.currentData()]

    def show_paused(self, paused: bool, waiting: int) -> None:
        """Tell whether the view rests, and how many entries wait."""
        self._waiting = waiting
        action = self._actions["pause"]
        action.setChecked(paused)
        icon = "resume" if paused else "pause"
        if action.data() != icon:
            action.setData(icon)
            action.setIcon(theme().icon(icon))
        self._name_pause()

    def show_cleared(self, cleared: bool) -> None:
        """Offer to bring back what was cleared."""
        self._actions["show_all"].setVisible(cleared)

    def set_can_export(self, can: bool) -> None:
        """Whether there is anything to export, and to clear."""
        self._actions["export"].setEnabled(can)
        self._actions["clear"].setEnabled(can)

    def _name_pause(self) -> None:
        action = self._actions["pause"]
        if action.isChecked():
            action.setText(tr("log.pause_count", n=self._waiting))
        else:
            action.setText(tr("log.pause"))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        if not self._actions:
            return
        self._heading.setText(tr("log.title"))
        for at, name in enumerate(DIRECTIONS):
            self._direction.setItemText(at, tr(f"log.direction_{name}"))
        self._direction.setAccessibleName(tr("log.direction_name"))
        self._direction.setToolTip(tr("log.direction_name"))
        for name, action in self._actions.items():
            action.setText(tr(f"log.{name}"))
            action.setToolTip(tr(f"log.{name}_tip"))
        self._name_pause()
        self.modes.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
