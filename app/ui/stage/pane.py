"""What is seen for a while in the place of source, calls, bytes and log: table, composer, …"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.widgets import HeadingLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Pane(Worded, QWidget):
    """One of its parts under a title that closes it. GUI thread."""

    closed = Signal()
    turned = Signal(str)  # this part is on show; "": none

    def __init__(self) -> None:
        super().__init__()
        self._parts: dict[str, QWidget] = {}
        self._words: dict[str, str] = {}
        self.name = ""  # of the part on show
        self._title, self._close = HeadingLabel(), QToolButton()
        self._close.setIcon(theme().icon("close-x"))
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(head)
        self.hide()
        self.retranslate()

    def put(self, name: str, part: QWidget, words: str) -> None:
        """Take a part; `words` is the key of its title."""
        self._parts[name], self._words[name] = part, words
        self._box.addWidget(part, 1)
        part.hide()

    def forget(self, names: Iterable[str]) -> None:
        """These parts are elsewhere now."""
        for name in names:
            self._parts.pop(name, None)

    def part(self, name: str) -> QWidget | None:
        """Return a part, if it is here."""
        return self._parts.get(name)

    def show_part(self, name: str, make: Callable[[], QWidget] | None = None) -> QWidget:
        """Show a part, and nothing else."""
        if name not in self._parts and make is not None:
            self.put(name, make(), f"classroom.{name}")
        self.name = name
        for other, part in self._parts.items():
            part.setVisible(other == name)
        self.retranslate()
        self.show()
        self.turned.emit(name)
        return self._parts[name]

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing of it is on show."""
        super().hideEvent(event)
        self.turned.emit("")

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        self._title.setText(tr(self._words[self.name]) if self.name in self._words else "")
        self._close.setToolTip(tr("classroom.close_pane"))
        self._close.setAccessibleName(tr("classroom.close_pane"))
