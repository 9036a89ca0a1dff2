"""A bar above a table that is edited, and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.ui.theme import theme
from app.ui.widgets.overflow_bar import OverflowBar
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing that can be done. Its words are `<area>.<name>`."""

    name: str
    icon: str = ""  # "": by its key, or in the menu, alone
    keys: str = ""
    in_table: bool = False  # its key holds in the table only, not all over the window


class TableTools(Worded, QWidget):
    """What can be done with the rows of a table. GUI thread."""

    used = Signal(str)  # the tool's name

    def __init__(self, area: str, tools: Sequence[Tool], host: QWidget, table: QWidget) -> None:
        """The keys hold in the window of `host`, those of `in_table` in the table alone."""
        super().__init__(host)
        self._area = area
        self._bar = OverflowBar()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._bar)
        self._buttons: list[QToolButton] = []
        self.actions_by_name: dict[str, QAction] = {}
        for tool in tools:
            action = self.actions_by_name[tool.name] = QAction(self)
            action.setShortcut(QKeySequence(tool.keys))
            action.triggered.connect(partial(self.used.emit, tool.name))
            if tool.in_table:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            (table if tool.in_table else host).addAction(action)
            if tool.icon:
                action.setIcon(theme().icon(tool.icon))
                self._add_button(action)
        self.dress()

    def _add_button(self, action: QAction) -> None:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        self._buttons.append(button)
        self._bar.add_widget(button)

    def enable(self, possible: Mapping[str, bool]) -> None:
        """Switch tools on or off."""
        for name, able in possible.items():
            self.actions_by_name[name].setEnabled(able)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, action in self.actions_by_name.items():
            words = tr(f"{self._area}.{name}")
            action.setText(words)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{words} {keys}".strip())

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        side = theme().px(18)
        for button in self._buttons:
            button.setIconSize(QSize(side, side))
