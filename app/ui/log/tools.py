"""The tool bar over the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from app.models.log_filter import DIRECTIONS
from app.ui.log.client_filter import ClientFilter
from app.ui.log.find_bar import FindBar
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, OverflowBar, SegmentedButtons
from app.wording import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from app.journal.entry import ClientRecord
    from app.ui.actions import Actions


class LogTools(OverflowBar):
    """Filters, find, the way content is shown, and what can be done with the log."""

    filter_changed = Signal()

    def __init__(
        self,
        newest_clients: Callable[[int], tuple[Mapping[int, ClientRecord], int]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._waiting = 0
        self._heading = HeadingLabel()
        self.clients = ClientFilter(newest_clients)
        self.clients.chosen.connect(lambda _: self.filter_changed.emit())
        self._direction = QComboBox()
        for name in DIRECTIONS:
            self._direction.addItem("", name)
        self._direction.activated.connect(lambda _: self.filter_changed.emit())
        self.finder = FindBar()
        self.finder.left.connect(self.close_panel)  # its field takes Esc, which closes a popup
        self.modes = SegmentedButtons(
            [("text", "log.text"), ("hex", "log.hex"), ("mixed", "log.mixed")],
            name_key="log.mode_name",
        )
        self.units = SegmentedButtons(
            [("chunks", "log.chunks"), ("frames", "log.frames")], name_key="log.unit_name"
        )
        self.framing = QToolButton()
        for widget in (
            self._heading, self.clients, self._direction, self.finder, self.units, self.framing,
            self.modes,
        ):  # fmt: skip
            self.add_widget(widget)
        self._pause: QAction | None = None
        self._filters: QAction | None = None
        self._filtering = 0  # filters that are on
        self._reword()

    def add_buttons(self, commands: Actions) -> None:
        """Offer what can be done with the log."""
        self._pause = commands["pause"]
        self._filters = commands["filters"]
        self._filters.setCheckable(True)  # by the filters that are on, not by a click
        self._filters.triggered.connect(self._name_filters)
        for name in ("pause", "clear_view", "show_all", "export_log", "filters"):
            self.add_action(commands[name], only_when_enabled=name == "show_all")

    @property
    def kinds(self) -> frozenset[int] | None:
        """The kinds of entry that the chosen direction lets through."""
        return DIRECTIONS[self._direction.currentData()]

    def name_framing(self, name: str, percent: int | None = None) -> None:
        """Tell how frames are cut, and how far that has come, while it goes on."""
        going_on = percent is not None
        self.framing.setText(f"{name}  {percent} %" if going_on else name)
        tip = tr("log.framing_tip")
        cutting = tr("log.framing_progress", percent=percent) if going_on else ""
        self.framing.setToolTip(f"{tip}\n{cutting}".rstrip())

    def show_paused(self, paused: bool, waiting: int) -> None:
        """Tell whether the view rests, and how many entries wait."""
        self._waiting = waiting
        action = self._pause
        if action is None:
            return
        action.setChecked(paused)
        icon = "resume" if paused else "pause"
        if action.data() != icon:
            action.setData(icon)
            action.setIcon(theme().icon(icon))
        self._name_pause()

    def show_filters(self, count: int) -> None:
        """Tell how many filters are on."""
        self._filtering = count
        self._name_filters()

    def _name_filters(self) -> None:
        if self._filters is not None:
            n = self._filtering
            self._filters.setChecked(n > 0)
            self._filters.setIconText(tr("filters.count", n=n) if n else tr("filters.button"))

    def _name_pause(self) -> None:
        if self._pause is not None:
            paused = self._pause.isChecked()
            words = tr("log.pause_count", n=self._waiting) if paused else tr("log.pause")
            self._pause.setIconText(words)

    def _reword(self) -> None:
        self._heading.setText(tr("log.title"))
        for at, name in enumerate(DIRECTIONS):
            self._direction.setItemText(at, tr(f"log.direction_{name}"))
        self._direction.setAccessibleName(tr("log.direction_name"))
        self._direction.setToolTip(tr("log.direction_name"))
        self._name_pause()
        self._name_filters()
        self.framing.setToolTip(tr("log.framing_tip"))
        self.framing.setAccessibleName(tr("log.framing_tip"))
        self.modes.retranslate()
        self.units.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self._reword()
        super().changeEvent(event)
