"""Left of the lines: their numbers, and a badge that counts the threads that stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme

if TYPE_CHECKING:
    from app.ui.classroom.source.lined import LinedText

_BADGE_DIGITS = 4
_SMALL = 0.85
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Margin(QWidget):
    """Belongs to a text, which says which lines are in sight, and what is marked."""

    def __init__(self, view: LinedText) -> None:
        super().__init__(view)
        self._view = view
        self.restyle()

    def restyle(self) -> None:
        """Take over the theme's font."""
        self._font = QFont(theme().mono_font())
        self._font.setPixelSize(max(round(self._font.pixelSize() * _SMALL), 8))
        self._metrics = QFontMetrics(self._font)
        self._gap = theme().px(4)

    def width_for(self, lines: int) -> int:
        """Return the width that so many lines need."""
        digits = max(len(str(lines)), 2) + _BADGE_DIGITS
        return self._metrics.horizontalAdvance("0" * digits) + 5 * self._gap

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what stands beside the lines in sight."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme().colour("surface"))
            painter.setFont(self._font)
            standing, faulty = self._view.standing, self._view.faulty_lines
            for line, top, height in self._view.lines_in_sight():
                painter.setPen(theme().colour("secondary"))
                where = QRectF(0, top, self.width() - 2 * self._gap, height)
                painter.drawText(where, _RIGHT, str(line))
                if line in faulty:
                    self._paint_badge(painter, "!", "danger", top, height)
                elif standing.get(line):
                    self._paint_badge(painter, str(standing[line]), "accent", top, height)

    def _paint_badge(
        self, painter: QPainter, text: str, token: str, top: float, height: float
    ) -> None:
        width = max(self._metrics.horizontalAdvance(text) + 2 * self._gap, round(height * 0.8))
        box = QRectF(self._gap / 2, top + height * 0.08, width, height * 0.84)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(token))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(theme().colour(f"on_{token}"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
