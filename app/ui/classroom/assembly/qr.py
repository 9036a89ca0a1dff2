"""A QR code, painted from segno's matrix."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import theme

QUIET_MODULES = 4  # light around it, in the standard
_LEAST_PX, _MOST_PX = 96, 420


class QrCode(QWidget):
    """Dark on light in every theme: many readers take nothing else. GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._rows: tuple[bytes | bytearray, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.updateGeometry)

    @property
    def text(self) -> str:
        """What it says to who reads it; "": there is none."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say this; "" shows nothing."""
        if text != self._text:
            self._text, self._rows = text, _matrix(text) if text else ()
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(theme().px(_MOST_PX), theme().px(_MOST_PX))

    def minimumSizeHint(self) -> QSize:
        """Still to be read from a few steps away."""
        return QSize(theme().px(_LEAST_PX), theme().px(_LEAST_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each module on whole pixels of the screen, so that it is sharp at every size."""
        if not self._rows:
            return
        ratio = self.devicePixelRatioF()
        count = len(self._rows) + 2 * QUIET_MODULES
        pixels = int(min(self.width(), self.height()) * ratio) // count
        side = pixels * count
        # From a whole pixel of the screen on, wherever the widget stands.
        corner = self.mapTo(self.window(), QPointF(0, 0)) * ratio
        left = int((self.width() * ratio - side) // 2) - (corner.x() % 1)
        top = int((self.height() * ratio - side) // 2) - (corner.y() % 1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.scale(1 / ratio, 1 / ratio)
            painter.fillRect(QRectF(left, top, side, side), Qt.GlobalColor.white)
            for y, row in enumerate(self._rows, QUIET_MODULES):
                for x, dark in enumerate(row, QUIET_MODULES):
                    if dark:
                        module = QRectF(left + x * pixels, top + y * pixels, pixels, pixels)
                        painter.fillRect(module, Qt.GlobalColor.black)


def _matrix(text: str) -> tuple[bytes | bytearray, ...]:
    import segno  # when there is something to show

    return tuple(segno.make(text, micro=False, error="m").matrix)
