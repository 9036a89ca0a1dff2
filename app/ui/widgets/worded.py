"""What every widget with words or sizes of its own has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object


class Worded(_Widget):
    """To be named before Qt's class: asks for words and sizes anew whenever others hold.

    A class calls `dress` once, where all that the two hooks touch has been made. GUI thread.
    """

    def dress(self) -> None:
        """Take over looks and words, now and at each change."""
        theme().changed.connect(self.restyle)
        self.restyle()
        self.retranslate()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
