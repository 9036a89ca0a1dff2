"""One line of text, as large as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import theme

_SHARE = 0.72  # of the height that a line takes, the rest is air
LEAST_PX = 12


class BigText(QWidget):
    """Plain text whose letters fill the widget; shortened only below LEAST_PX. GUI thread."""

    def __init__(self, most_px: int, least_px: int = 0, *, mono: bool = False) -> None:
        """`most_px`, `least_px`: its height, of the design; `least_px` 0: a third of it."""
        super().__init__()
        self._most_px, self._least_px, self._mono = most_px, least_px or most_px // 3, mono
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        theme().changed.connect(self.updateGeometry)

    @property
    def text(self) -> str:
        """What is written."""
        return self._text

    def set_text(self, text: str) -> None:
        """Write this."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        """As high as it may be."""
        return QSize(theme().px(200), theme().px(self._most_px))

    def minimumSizeHint(self) -> QSize:
        """Still to be read."""
        return QSize(theme().px(60), theme().px(self._least_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        with QPainter(self) as painter:
            painter.setPen(theme().colour("text"))
            font = fitting_font(self._text, self.size(), mono=self._mono)
            painter.setFont(font)
            shown = QFontMetrics(font).elidedText(
                self._text, Qt.TextElideMode.ElideMiddle, self.width()
            )
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)


def fitting_font(text: str, room: QSize, *, mono: bool = False) -> QFont:
    """Return the largest font in which a line of text fits."""
    font = QFont(theme().mono_font() if mono else theme().ui_font())
    font.setWeight(QFont.Weight.DemiBold)
    wanted = max(int(room.height() * _SHARE), LEAST_PX)
    font.setPixelSize(wanted)
    wide = QFontMetrics(font).horizontalAdvance(text)
    if wide > room.width():
        font.setPixelSize(max(wanted * room.width() // wide, LEAST_PX))
    return font
