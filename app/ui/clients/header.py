"""The client table's header: titles aligned as their columns, the sort arrow beside the title."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from app.models.client_columns import NUMERIC, Column
from app.ui.clients.cells import PADDING_PX
from app.ui.theme import theme
from app.ui.widgets.worded import Worded

HEIGHT_PX = 30
_ARROW_PX = 7
_GAP_PX = 4


class ClientHeader(Worded, QHeaderView):
    """Painted here, because styles put the arrow on top of a right-aligned title."""

    menu_requested = Signal(object)  # QPoint, global

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setSortIndicatorShown(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.dress()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """As high as the design wants, in the type size of now."""
        return QSize(super().sizeHint().width(), theme().px(HEIGHT_PX))

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """Draw one title."""
        column, px, colour = Column(logical), theme().px, theme().colour
        painter.save()
        if rect.right() + 1 < self.viewport().width():
            # What can be dragged to make the column wider.
            inset = px(8)
            painter.setPen(colour("line"))
            painter.drawLine(rect.right(), rect.top() + inset, rect.right(), rect.bottom() - inset)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("text") if self._is_sorted(column) else colour("secondary"))
        self._paint_title(painter, rect.adjusted(px(PADDING_PX), 0, -px(PADDING_PX), 0), column)
        painter.restore()

    def _is_sorted(self, column: Column) -> bool:
        return self.sortIndicatorSection() == column

    def _paint_title(self, painter: QPainter, rect: QRect, column: Column) -> None:
        arrow_px = theme().px(_ARROW_PX) if self._is_sorted(column) else 0
        room = rect.width() - (arrow_px + theme().px(_GAP_PX) if arrow_px else 0)
        title = str(self.model().headerData(column, Qt.Orientation.Horizontal))
        metrics = painter.fontMetrics()
        title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(title)
        # The title keeps its place over the numbers; the arrow stands on its free side.
        at_right = column in NUMERIC
        left = rect.right() + 1 - width if at_right else rect.left()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRect(left, rect.top(), width + 1, rect.height()), int(middle), title)
        if arrow_px:
            gap = theme().px(_GAP_PX)
            x = left - gap - arrow_px if at_right else left + width + gap
            self._paint_arrow(painter, x, rect.center().y(), arrow_px)

    def _paint_arrow(self, painter: QPainter, x: float, y: float, size: float) -> None:
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        rise = size / 4 if up else -size / 4
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme().colour("text"), max(1.4, size / 5))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        tip, wings = y + 0.5 - rise, y + 0.5 + rise
        painter.drawPolyline(
            [QPointF(x, wings), QPointF(x + size / 2, tip), QPointF(x + size, wings)]
        )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The table makes the menu."""
        self.menu_requested.emit(event.globalPos())
