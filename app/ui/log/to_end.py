"""The way back to the newest rows, for who has scrolled away from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.ui.log.canvas import LogCanvas


class ToEndButton(Worded, QPushButton):
    """Floats over the lower right corner of the rows while they do not follow their end."""

    def __init__(self, canvas: LogCanvas) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self.setIcon(theme().icon("follow"))
        canvas.resized.connect(self._place)
        theme().changed.connect(self._place)
        self.dress()
        self.hide()

    def show_state(self, follows: bool) -> None:
        """Hide while there is nothing below."""
        below = not follows and self._canvas.verticalScrollBar().maximum() > 0
        if below != (not self.isHidden()):
            self.setVisible(below)
            self._place()

    def _place(self) -> None:
        """Stay in the corner."""
        side = theme().px(14)
        self.setIconSize(QSize(side, side))
        self.adjustSize()
        area, gap = self._canvas.viewport(), theme().px(10)
        self.move(area.width() - self.width() - gap, area.height() - self.height() - gap)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setText(tr("log.follow"))
        self.setToolTip(tr("log.follow_tip"))
        self.setAccessibleName(tr("log.follow"))
        self._place()
