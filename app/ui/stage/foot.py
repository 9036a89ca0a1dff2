"""The user's own server at the foot of the stage: how it stands, and what opens from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.classroom.exhibit import OwnServer
from app.ui.theme import theme
from app.ui.widgets import ElidedLabel, OverflowBar, SegmentedButtons
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.settings import Settings
    from app.ui.actions import Actions
    from app.ui.classroom.desk import Desk

_COMMANDS = ("toggle_server", "focus_clients", "focus_composer", "piece_crowd")


class Foot(Worded, QWidget):
    """One line. GUI thread."""

    concurrency_chosen = Signal(bool)  # single-threaded

    def __init__(self, desk: Desk, commands: Actions) -> None:
        super().__init__()
        self._server = OwnServer(desk.controller, desk.classroom)
        self._dot, self._facts = ElidedLabel("●"), ElidedLabel()
        self.concurrency = SegmentedButtons(
            (("many", "classroom.many_threads"), ("one", "classroom.one_thread")),
            name_key="classroom.concurrency",
        )
        self.concurrency.changed.connect(lambda value: self.concurrency_chosen.emit(value == "one"))
        self._bar = OverflowBar()
        for name in _COMMANDS:
            self._bar.add_action(commands[name])
        self._bar.add_widget(self.concurrency)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._dot)
        self._row.addWidget(self._facts)
        self._row.addWidget(self._bar, 1)
        controller = desk.controller
        for changed in (
            controller.state_changed, controller.ticked, controller.clients_joined,
            controller.clients_left,
        ):  # fmt: skip
            changed.connect(self.refresh)
        self.dress()

    @property
    def text(self) -> str:
        """What is said."""
        return self._facts.text()

    def show_values(self, settings: Settings) -> None:
        """Show what is in force, telling nobody."""
        self.concurrency.set_value("one" if settings.server.single_threaded else "many")

    def refresh(self) -> None:
        """Say how it stands now."""
        server = self._server
        token = "received" if server.is_alive else "secondary"
        colour = f"color: {theme().colour(token).name()}"
        if self._dot.styleSheet() != colour:
            self._dot.setStyleSheet(colour)
        self._dot.setFixedWidth(self._dot.fontMetrics().horizontalAdvance("●") + 2)
        self._facts.setText(" · ".join([server.title(), *server.facts()[1:]]))

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        px = theme().px
        self.refresh()
        self._row.setContentsMargins(px(10), 0, px(10), px(1))
        self._row.setSpacing(px(8))

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        self.concurrency.setToolTip(tr("classroom.concurrency_tip"))
        self._facts.setAccessibleName(tr("window.status_name"))
        self.refresh()
