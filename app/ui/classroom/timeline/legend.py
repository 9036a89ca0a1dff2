"""What the colours of the time line mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.classroom.timeline.boxes import colour_token
from app.ui.classroom.timeline.painting import LEGEND
from app.ui.theme import theme
from app.wording import tr


def paint_legend(painter: QPainter, area: QRectF) -> None:
    """Paint it in the painter's font."""
    px, left = theme().px, area.left()
    side = px(10)
    for activity in LEGEND:
        box = QRectF(left, area.center().y() - side / 2, side, side)
        painter.fillRect(box, theme().colour(colour_token(activity)))
        painter.setPen(theme().colour("field_line"))
        painter.drawRect(box)
        words = tr(f"timeline.{activity.value}")
        painter.setPen(theme().colour("secondary"))
        room = QRectF(left + side + px(4), area.top(), area.width(), area.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        left = room.left() + painter.fontMetrics().horizontalAdvance(words) + px(12)


class Legend(QWidget):
    """One line: a swatch and a word for each activity."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().changed.connect(self.updateGeometry)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it; what does not fit is cut."""
        with QPainter(self) as painter:
            paint_legend(painter, QRectF(self.rect()))

    def sizeHint(self) -> QSize:
        """Room for every word."""
        px, metrics = theme().px, self.fontMetrics()
        words = sum(metrics.horizontalAdvance(tr(f"timeline.{a.value}")) for a in LEGEND)
        return QSize(words + len(LEGEND) * px(26), metrics.height() + px(4))

    def minimumSizeHint(self) -> QSize:
        """Any width is enough."""
        return QSize(0, self.sizeHint().height())
