"""Drawing the client table's rows from their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from app.models.client_columns import NUMERIC, Column
from app.net.facts import ClientState
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from app.models.client_texts import Shown

PADDING_PX = 8
ARROW_ZONE_PX = 24  # the right end of an encoding's cell; a click there opens the list
_DOT_PX = 8
_MOST_ELIDED = 4096
_RIGHT = int(
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)
# What tells one from another stands at both ends.
_ELIDED_IN_THE_MIDDLE = frozenset({Column.ADDRESS, Column.THREAD})
_STATE_TOKENS = {
    ClientState.ONLINE: "received",
    ClientState.WAITING_FOR_DISK: "warning",
    ClientState.WAITING_FOR_PEER: "warning",
    ClientState.UNACKNOWLEDGED: "warning",
    ClientState.HALF_CLOSED: "warning",
    ClientState.OFFLINE: "secondary",
}


class Span(NamedTuple):
    """Where a column lies, in pixels of the viewport."""

    column: Column
    left: int
    width: int


class CellPainter:
    """Draws rows in the looks of the moment; `restyle` when these or the language change."""

    def __init__(self) -> None:
        self._elided: dict[tuple[str, int, bool], str] = {}
        self.restyle()

    def restyle(self) -> None:
        """Fetch colours, sizes, fonts and words."""
        self._elided.clear()
        colour, px = theme().colour, theme().px
        self._text, self._secondary = colour("text"), colour("secondary")
        self._selection, self._accent, self._line = (
            colour("selection"),
            colour("accent"),
            colour("line"),
        )
        self._state_colours = {state: colour(token) for state, token in _STATE_TOKENS.items()}
        self._padding, self._dot = px(PADDING_PX), px(_DOT_PX)
        self._arrow_zone, self._bar = px(ARROW_ZONE_PX), px(3)
        self._font = theme().ui_font()
        self._metrics = QFontMetrics(self._font)
        self._tag_font = QFont(self._font)
        self._tag_font.setPixelSize(max(9, round(self._font.pixelSize() * 0.85)))
        self._tag = tr("clients.demo_mark")
        self._tag_width = QFontMetrics(self._tag_font).horizontalAdvance(self._tag) + px(8)

    def paint_row(
        self,
        painter: QPainter,
        row: Shown,
        area: QRect,
        spans: list[Span],
        *,
        selected: bool,
        current: bool,
    ) -> None:
        """Draw the cells of `spans` of one row; `current` marks where the keyboard is."""
        if selected:
            painter.fillRect(area, self._selection)
        if current:
            painter.fillRect(area.left(), area.top(), self._bar, area.height(), self._accent)
        online = row.state is not ClientState.OFFLINE
        painter.setFont(self._font)
        painter.setPen(self._text if online else self._secondary)
        top, height, padding = area.top(), area.height(), self._padding
        for column, left, width in spans:
            cell = QRect(left + padding, top, width - 2 * padding, height)
            if column in NUMERIC:
                self._draw(painter, cell, row.texts[column], _RIGHT)
            elif column is Column.STATE:
                self._paint_state(painter, cell, row)
            elif column is Column.ENCODING:
                self._paint_encoding(painter, cell, row.texts[column])
            elif column is Column.ADDRESS and row.is_demo:
                self._paint_demo(painter, cell, row.texts[column])
            else:
                middle = column in _ELIDED_IN_THE_MIDDLE
                self._draw(painter, cell, row.texts[column], middle=middle)

    def paint_empty(self, painter: QPainter, area: QRect, text: str) -> None:
        """Draw what stands in a table without rows."""
        painter.setFont(self._font)
        painter.setPen(self._secondary)
        painter.drawText(area, _MIDDLE, text)

    def _draw(
        self, painter: QPainter, cell: QRect, text: str, side: int = _LEFT, *, middle: bool = False
    ) -> None:
        if text:
            painter.drawText(cell, side, self._fitting(text, cell.width(), middle=middle))

    def _fitting(self, text: str, width: int, *, middle: bool) -> str:
        key = (text, width, middle)
        found = self._elided.get(key)
        if found is None:
            if len(self._elided) >= _MOST_ELIDED:
                self._elided.clear()
            mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            found = self._elided[key] = self._metrics.elidedText(text, mode, width)
        return found

    def _paint_state(self, painter: QPainter, cell: QRect, row: Shown) -> None:
        """A dot whose filling tells the state, and the state in words."""
        pen, colour, dot = painter.pen(), self._state_colours[row.state], self._dot
        circle = QRectF(cell.left() + 1, cell.center().y() + 1.5 - dot / 2, dot, dot)
        self._paint_dot(painter, circle, row.state, colour)
        painter.setPen(colour)
        self._draw(painter, cell.adjusted(dot + self._padding, 0, 0, 0), row.texts[Column.STATE])
        painter.setPen(pen)

    def _paint_dot(
        self, painter: QPainter, circle: QRectF, state: ClientState, colour: QColor
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, max(1.3, self._dot / 6)))
        painter.setBrush(colour if state is ClientState.ONLINE else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if _STATE_TOKENS[state] == "warning":
            painter.setBrush(colour)
            painter.drawPie(circle, 90 * 16, 180 * 16)  # half full: something has piled up
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_encoding(self, painter: QPainter, cell: QRect, text: str) -> None:
        """The encoding, and an arrow: it can be changed here."""
        pen = painter.pen()
        self._draw(painter, cell.adjusted(0, 0, self._padding - self._arrow_zone, 0), text)
        size = self._dot
        x = cell.right() + self._padding + 1 - (self._arrow_zone + size) / 2
        y = cell.center().y() + 1.5 - size / 4
        arrow = QPen(self._secondary, max(1.3, size / 6))
        arrow.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(arrow)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolyline(
            [QPointF(x, y), QPointF(x + size / 2, y + size / 2), QPointF(x + size, y)]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen)

    def _paint_demo(self, painter: QPainter, cell: QRect, text: str) -> None:
        """The address, and a framed tag: one of our own demo clients."""
        pen, gap = painter.pen(), self._padding
        room = max(cell.width() - self._tag_width - gap, 0)
        text = self._fitting(text, room, middle=True)
        painter.drawText(cell, _LEFT, text)
        left = cell.left() + self._metrics.horizontalAdvance(text) + gap
        height = self._metrics.height()
        tag = QRectF(left, cell.center().y() + 1 - height / 2, self._tag_width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._secondary)
        painter.drawRoundedRect(tag.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._tag_font)
        painter.drawText(tag, _MIDDLE, self._tag)
        painter.setFont(self._font)
        painter.setPen(pen)
