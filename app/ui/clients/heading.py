"""The line above the client table: how many there are, and three buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, OverflowBar, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.ui.actions import Actions


class ClientHeading(Worded, QWidget):
    """Heading, counts and buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = (0, 0, False)
        self._heading, self._counts = HeadingLabel(), PlainLabel(role="secondary")
        self._bar = OverflowBar()
        space = QWidget()  # the buttons stand at the right edge
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar.add_widget(space)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._heading)
        self._row.addWidget(self._counts)
        self._row.addWidget(self._bar, 1)
        self.dress()

    def add_buttons(self, commands: Actions) -> None:
        """Offer what can be done with the clients."""
        for name in ("disconnect", "disconnect_all", "clear_offline"):
            self._bar.add_action(commands[name])

    @property
    def counts(self) -> str:
        """The words beside the heading."""
        return self._counts.text()

    def show_counts(self, online: int, offline: int, *, recorded: bool) -> None:
        """Tell how many there are; `recorded`: in an old journal."""
        self._shown = (online, offline, recorded)
        if recorded:
            self._counts.setText(tr("clients.counts_recorded", n=offline))
        else:
            key = "clients.counts" if offline else "clients.counts_online"
            self._counts.setText(tr(key, online=online, offline=offline))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._row.setSpacing(theme().px(8))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._heading.setText(tr("clients.heading"))
        online, offline, recorded = self._shown
        self.show_counts(online, offline, recorded=recorded)
