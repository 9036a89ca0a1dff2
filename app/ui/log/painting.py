"""Painting the rows in sight, all of them in one go.

Under a flood every call into Qt may have to wait for the interpreter, and shaping text is most of
a frame's cost. So what repeats from row to row (clients, addresses, sizes) is shaped once and kept
as QStaticText, and of a row's content only the pieces in sight are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QStaticText

from app.journal.entry import Kind
from app.models.log_row import LogRow
from app.ui.log.line import Ink, Line, Piece
from app.ui.log.marks import Marks
from app.ui.log.metrics import LogMetrics, address_label, size_label
from app.ui.log.selection import Selection
from app.ui.theme import theme

KEPT_TEXTS = 4_096
KEPT_LINES = 1_024
TEXT_SHARE = 0.42  # of the content's width, when text and hex stand side by side
HEX_CELLS = 3  # for one byte: in mixed mode the text scrolls by one cell where the hex does by 3

_MARKS: dict[int, str] = {Kind.IN: "←", Kind.OUT: "→", Kind.ONLINE: "+", Kind.OFFLINE: "−"}
_TROUBLES = {Kind.REFUSED, Kind.SERVER_ERROR, Kind.SEND_REFUSED, Kind.REPLY_FAILED}
_COLOURS = {Ink.TEXT: "text", Ink.BAD: "warning", Ink.HEX: "text", Ink.NOTE: "secondary"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be painted."""

    rows: Sequence[LogRow]
    top: int  # of the first row, in pixels; may be negative
    width: int
    height: int
    scrolled_x: int
    mode: str  # "text", "hex" or "mixed"
    selection: Selection
    has_focus: bool


class LogPainter:
    """Paints rows. Remembers what it laid out until `forget`."""

    def __init__(self, metrics: LogMetrics) -> None:
        self.marks = Marks()
        self._metrics = metrics
        self._texts: dict[str, QStaticText] = {}
        self._lines: dict[tuple[int, bool], tuple[LogRow, Line]] = {}
        self.content_width = 0.0  # of the widest line painted since `forget`

    def forget(self) -> None:
        """Lay everything out anew: font, words or marks have changed."""
        self._texts.clear()
        self._lines.clear()
        self.content_width = 0.0

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Paint all of `scene`."""
        painter.fillRect(0, 0, scene.width, scene.height, theme().colour("surface"))
        painter.setFont(self._metrics.font)
        self._paint_selection(painter, scene)
        self._paint_columns(painter, scene)
        left = self._metrics.content_x
        room = scene.width - left
        if scene.mode != "mixed":
            self._paint_lines(
                painter, scene, left, room, scene.scrolled_x, as_hex=scene.mode == "hex"
            )
            return
        split = left + round(room * TEXT_SHARE)
        gap = self._metrics.gap
        self._paint_lines(
            painter, scene, left, split - left - gap, scene.scrolled_x // HEX_CELLS, as_hex=False
        )
        painter.setPen(theme().colour("line"))
        painter.drawLine(split - gap // 2, 0, split - gap // 2, scene.height)
        self._paint_lines(painter, scene, split, scene.width - split, scene.scrolled_x, as_hex=True)

    # What is behind and beside the content

    def _paint_selection(self, painter: QPainter, scene: Scene) -> None:
        height, y = self._metrics.row_height, scene.top
        selected = theme().colour("selection")
        for row in scene.rows:
            if row.entry_id in scene.selection:
                painter.fillRect(0, y, scene.width, height, selected)
            if scene.has_focus and row.entry_id == scene.selection.current:
                painter.fillRect(0, y, max(theme().px(3), 2), height, theme().colour("accent"))
            y += height

    def _paint_columns(self, painter: QPainter, scene: Scene) -> None:
        metrics, colour = self._metrics, theme().colour
        secondary, height = colour("secondary"), metrics.row_height
        y = scene.top
        painter.setPen(secondary)
        for row in scene.rows:
            top = y + metrics.text_top
            painter.drawText(QPointF(metrics.time_x, y + metrics.baseline), row.time_text)
            painter.drawStaticText(
                QPointF(metrics.address_x, top), self._static(address_label(row))
            )
            if row.is_chunk:
                label = size_label(row)
                x = metrics.size_right - len(label) * metrics.cell
                painter.drawStaticText(QPointF(x, top), self._static(label))
            y += height
        y = scene.top
        for row in scene.rows:
            painter.setPen(_colour_of(row))
            painter.drawText(QPointF(metrics.arrow_x, y + metrics.baseline), _mark_of(row))
            painter.drawStaticText(
                QPointF(metrics.client_x, y + metrics.text_top), self._static(row.client_text)
            )
            y += height

    def _static(self, text: str) -> QStaticText:
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) >= KEPT_TEXTS:
                self._texts.clear()
            found = self._texts[text] = QStaticText(text)
            found.setTextFormat(Qt.TextFormat.PlainText)
            found.prepare(font=self._metrics.font)
        return found

    # Content

    def _paint_lines(
        self,
        painter: QPainter,
        scene: Scene,
        left: int,
        room: int,
        scrolled_x: int,
        *,
        as_hex: bool,
    ) -> None:
        painter.save()
        painter.setClipRect(left, 0, room, scene.height)
        y = scene.top
        for row in scene.rows:
            line = self._line(row, as_hex)
            line.reach(scrolled_x + room)
            if as_hex or scene.mode != "mixed":
                self.content_width = max(self.content_width, line.likely_width)
            for piece in line.pieces:
                if piece.x + piece.width > scrolled_x and piece.x < scrolled_x + room:
                    self._paint_piece(painter, piece, left + piece.x - scrolled_x, y, row)
            y += self._metrics.row_height
        painter.restore()

    def _line(self, row: LogRow, as_hex: bool) -> Line:
        known = self._lines.get((row.entry_id, as_hex))
        if known is not None and known[0] is row:
            return known[1]
        if len(self._lines) >= KEPT_LINES:
            self._lines.clear()
        line = Line(row, self._metrics, self.marks, as_hex=as_hex)
        self._lines[row.entry_id, as_hex] = (row, line)
        return line

    def _paint_piece(self, painter: QPainter, piece: Piece, x: float, y: int, row: LogRow) -> None:
        metrics = self._metrics
        if piece.marked:
            behind = QRectF(x, y + 2, piece.width, metrics.row_height - 4)
            painter.fillRect(behind, theme().colour("find"))
        if piece.ink is Ink.TAG:
            self._paint_tag(painter, piece, x, y)
        elif piece.ink is Ink.WAIT:
            self._paint_ring(painter, x, y)
        else:
            token = _COLOURS.get(piece.ink)
            painter.setPen(theme().colour(token) if token else _event_colour(row))
            painter.drawText(QPointF(x, y + metrics.baseline), piece.text)

    def _paint_tag(self, painter: QPainter, piece: Piece, x: float, y: int) -> None:
        metrics, colour = self._metrics, theme().colour("secondary")
        height = round(metrics.tag_metrics.ascent() + metrics.tag_metrics.descent() * 0.6)
        top = y + (metrics.row_height - height) // 2
        frame = QColor(colour)
        frame.setAlphaF(0.55)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(frame)
        inset = metrics.cell * 0.15
        painter.drawRoundedRect(
            QRectF(
                round(x + inset) + 0.5, top + 0.5, round(piece.width - 2 * inset) - 1, height - 1
            ),
            3,
            3,
        )
        painter.setFont(metrics.tag_font)
        painter.setPen(colour)
        baseline = top + height - round(metrics.tag_metrics.descent() * 0.6) - 1
        painter.drawText(QPointF(x + metrics.cell / 2, baseline), piece.text)
        painter.setFont(metrics.font)

    def _paint_ring(self, painter: QPainter, x: float, y: int) -> None:
        metrics = self._metrics
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("secondary"), 1, Qt.PenStyle.DotLine))
        side = metrics.cell * 1.4
        middle = y + metrics.row_height / 2
        painter.drawEllipse(QRectF(x + metrics.cell * 0.2, middle - side / 2, side, side))


def _colour_of(row: LogRow) -> QColor:
    if row.kind == Kind.IN:
        return theme().colour("received")
    if row.kind == Kind.OUT:
        return theme().colour("sent")
    return _event_colour(row)


def _event_colour(row: LogRow) -> QColor:
    return theme().colour("warning" if row.kind in _TROUBLES else "secondary")


def _mark_of(row: LogRow) -> str:
    return _MARKS.get(row.kind) or ("!" if row.kind in _TROUBLES else "·")
