"""A dock whose title is as large as the rest of the window."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDockWidget, QWidget

from app.ui.theme import theme


class TitledDock(QDockWidget):
    """Qt paints a title in the font of when its dock was made, unless the dock has its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().changed.connect(self._size_title)
        self._size_title()

    def _size_title(self) -> None:
        font = theme().ui_font()
        font.setStyleHint(QFont.StyleHint.SansSerif)  # it looks the same, and is another one
        self.setFont(font)
