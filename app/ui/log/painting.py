"""Painting the rows in sight, all of them in one go.

Under a flood every call into Qt may have to wait for the interpreter, and shaping text is most of
a frame's cost. So what repeats from row to row (clients, addresses, sizes) is shaped once and kept
as QStaticText, and of a row's content only the pieces in sight are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QStaticText

from app.journal.entry import Kind
from app.text.visible import escaped
from app.ui.log.line import Ink, Line, Piece
from app.ui.log.marks import Marks
from app.ui.log.metrics import COLUMN_CELLS, LogMetrics, address_label, size_label
from app.ui.theme import theme

if TYPE_CHECKING:
    from app.models.log_row import LogRow
    from app.ui.log.selection import Selection

KEPT_TEXTS = 4_096
KEPT_LINES = 1_024
KEPT_TAGS = 512
TEXT_SHARE = 0.42  # of the content's width, when text and hex stand side by side
HEX_CELLS = 3  # for one byte

_MARKS: dict[int, str] = {Kind.IN: "←", Kind.OUT: "→", Kind.ONLINE: "+", Kind.OFFLINE: "−"}
_TROUBLES = {
    Kind.REFUSED,
    Kind.SERVER_ERROR,
    Kind.SEND_REFUSED,
    Kind.REPLY_FAILED,
    Kind.NOT_READING,
}
_COLOURS = {
    Ink.TEXT: "text",
    Ink.BAD: "warning",
    Ink.WRONG: "error",
    Ink.COMMENT: "accent",
    Ink.HEX: "text",
    Ink.NOTE: "secondary",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be painted."""

    rows: Sequence[LogRow]
    width: int
    height: int
    scrolled_x: int
    mode: str  # "text", "hex" or "mixed"
    selection: Selection
    has_focus: bool
    hues: Mapping[int, str]  # the names of rows' colours, by id


class _Pane(NamedTuple):
    """A part of the window in which rows' contents are painted."""

    left: int
    room: int
    scrolled_x: int
    as_hex: bool
    chunks: bool  # whether it shows those
    events: bool


class LogPainter:
    """Paints rows. Remembers what it laid out until `forget`."""

    def __init__(self, metrics: LogMetrics) -> None:
        self.marks = Marks()
        self.comment_of: Callable[[int], str | None] = lambda _row_id: None  # at a bookmark
        self._metrics = metrics
        self._texts: dict[str, QStaticText | None] = {}  # None: it came once
        self._lines: dict[tuple[int, bool], tuple[LogRow, Line]] = {}
        self._tags: dict[tuple[str, float], QImage] = {}  # by name and device pixel ratio
        self.content_width = 0.0  # of the widest line painted since `forget`

    def forget(self) -> None:
        """Lay everything out anew: font, words or marks have changed."""
        self._texts.clear()
        self._lines.clear()
        self._tags.clear()
        self.content_width = 0.0

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Paint all of `scene`."""
        painter.fillRect(0, 0, scene.width, scene.height, theme().colour("surface"))
        painter.setFont(self._metrics.font)
        # A row that begins with Arabic or Hebrew must not turn round what follows.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._paint_selection(painter, scene)
        self._paint_columns(painter, scene)
        for pane in self._panes(scene):
            self._paint_pane(painter, scene, pane)
        if self._metrics.columns:
            self._paint_fields(painter, scene)

    def _panes(self, scene: Scene) -> list[_Pane]:
        left = self._metrics.content_x
        room = max(scene.width - left - self._metrics.columns_width, 0)
        if scene.mode != "mixed":
            return [_Pane(left, room, scene.scrolled_x, scene.mode == "hex", True, True)]
        gap = self._metrics.gap
        split = left + round(room * TEXT_SHARE)
        # The text is about a third as wide as the hex of the same bytes, so it scrolls a third as
        # far and the same bytes stay side by side. Events have no bytes and take the whole width.
        text_x = scene.scrolled_x // HEX_CELLS
        return [
            _Pane(left, split - left - gap, text_x, False, True, False),
            _Pane(split, left + room - split, scene.scrolled_x, True, True, False),
            _Pane(left, room, text_x, False, False, True),
        ]

    # What is behind and beside the content

    def _paint_selection(self, painter: QPainter, scene: Scene) -> None:
        height, y = self._metrics.row_height, 0
        selected = theme().colour("selection")
        for row in scene.rows:
            hue = scene.hues.get(row.id)
            if hue is not None:
                painter.fillRect(0, y, scene.width, height, theme().colour(f"row_{hue}"))
            if row.id in scene.selection:
                left = 0 if hue is None else max(theme().px(12), 8)  # its colour stays in sight
                painter.fillRect(left, y, scene.width, height, selected)
            if scene.has_focus and row.id == scene.selection.current:
                painter.fillRect(0, y, max(theme().px(3), 2), height, theme().colour("accent"))
            if self.comment_of(row.id) is not None:
                self._paint_ribbon(painter, y)
            y += height

    def _paint_ribbon(self, painter: QPainter, y: int) -> None:
        """A bookmark, in the margin."""
        metrics = self._metrics
        left, right = metrics.margin * 0.38, metrics.margin * 0.92
        top = y + metrics.row_height * 0.22
        bottom = y + metrics.row_height * 0.78
        notch = ((left + right) / 2, bottom - (right - left) / 2)
        corners = ((left, top), (right, top), (right, bottom), notch, (left, bottom))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("accent"))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_columns(self, painter: QPainter, scene: Scene) -> None:
        metrics, draw = self._metrics, self._draw
        height, cell, y = metrics.row_height, metrics.cell, metrics.text_top
        painter.setPen(theme().colour("secondary"))
        for row in scene.rows:
            # The seconds and the milliseconds come again and again, the whole hardly ever.
            seconds, milliseconds = row.time_text[:-4], row.time_text[-4:]
            draw(painter, metrics.time_x, y, seconds)
            draw(painter, metrics.time_x + len(seconds) * cell, y, milliseconds)
            draw(painter, metrics.address_x, y, address_label(row))
            if metrics.server_cells:
                draw(painter, metrics.server_x, y, row.server)
            if row.is_chunk:
                label = size_label(row)
                draw(painter, metrics.size_right - len(label) * cell, y, label)
            y += height
        y = metrics.text_top
        for row in scene.rows:
            painter.setPen(_colour_of(row))
            draw(painter, metrics.arrow_x, y, _mark_of(row))
            draw(painter, metrics.client_x, y, row.client_text)
            y += height

    def _paint_fields(self, painter: QPainter, scene: Scene) -> None:
        """The values of fields that have a column, at the right end."""
        metrics, y = self._metrics, 0
        painter.setPen(theme().colour("text"))
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row in scene.rows:
            for at, value in enumerate(row.columns[: len(metrics.columns)]):
                width = metrics.columns[at] * metrics.cell
                left = metrics.column_right(at, scene.width) - width
                box = QRectF(left, y, width, metrics.row_height)
                painter.drawText(box, end, escaped(value)[:COLUMN_CELLS])
            y += metrics.row_height

    def _draw(self, painter: QPainter, x: float, top: int, text: str) -> None:
        """Draw a text that may come again: what comes twice is kept as it was shaped."""
        if text not in self._texts:  # to shape it, to be kept, costs twice what it costs to draw it
            if len(self._texts) >= KEPT_TEXTS:
                self._texts.clear()
            self._texts[text] = None
            painter.drawText(QPointF(x, top + self._metrics.ascent), text)
            return
        kept = self._texts[text]
        if kept is None:
            kept = self._texts[text] = QStaticText(text)
            kept.setTextFormat(Qt.TextFormat.PlainText)
            kept.prepare(font=self._metrics.font)
        painter.drawStaticText(QPointF(x, top), kept)

    # Content

    def _paint_pane(self, painter: QPainter, scene: Scene, pane: _Pane) -> None:
        right = pane.scrolled_x + pane.room
        painter.save()
        painter.setClipRect(pane.left, 0, pane.room, scene.height)
        y = 0
        for row in scene.rows:
            if pane.chunks if row.is_chunk else pane.events:
                line = self._line(row, pane.as_hex)
                line.reach(right)
                if pane.as_hex or scene.mode != "mixed":
                    self.content_width = max(self.content_width, line.likely_width)
                for piece in line.pieces:
                    if piece.x + piece.width > pane.scrolled_x and piece.x < right:
                        x = pane.left + piece.x - pane.scrolled_x
                        self._paint_piece(painter, piece, x, y, row)
            y += self._metrics.row_height
        painter.restore()

    def _line(self, row: LogRow, as_hex: bool) -> Line:
        known = self._lines.get((row.id, as_hex))
        if known is not None and known[0] is row:
            return known[1]
        if len(self._lines) >= KEPT_LINES:
            self._lines.clear()
        comment = self.comment_of(row.id) or ""
        line = Line(row, self._metrics, self.marks, as_hex=as_hex, comment=comment)
        self._lines[row.id, as_hex] = (row, line)
        return line

    def _paint_piece(self, painter: QPainter, piece: Piece, x: float, y: int, row: LogRow) -> None:
        metrics = self._metrics
        if piece.marked:
            behind = QRectF(x, y + 2, piece.width, metrics.row_height - 4)
            painter.fillRect(behind, theme().colour("find"))
        if piece.ink is Ink.TAG:
            top = y + metrics.middle - metrics.tag_height // 2
            painter.drawImage(QPointF(round(x), top), self._tag(painter, piece))
        elif piece.ink is Ink.WAIT:
            self._paint_ring(painter, x, y)
        else:
            token = _COLOURS.get(piece.ink)
            painter.setPen(theme().colour(token) if token else _event_colour(row))
            painter.drawText(QPointF(x, y + metrics.baseline), piece.text)

    def _tag(self, painter: QPainter, piece: Piece) -> QImage:
        """A framed name, drawn once: there are few names, and many of each in binary data."""
        scale = painter.device().devicePixelRatio()
        found = self._tags.get((piece.text, scale))
        if found is None:
            if len(self._tags) >= KEPT_TAGS:
                self._tags.clear()
            found = self._tags[piece.text, scale] = self._draw_tag(piece, scale)
        return found

    def _draw_tag(self, piece: Piece, scale: float) -> QImage:
        metrics, colour = self._metrics, theme().colour("secondary")
        size = QSizeF(round(piece.width), metrics.tag_height)
        image = QImage((size * scale).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        image.fill(Qt.GlobalColor.transparent)
        frame = QColor(colour)
        frame.setAlphaF(0.55)
        inset = metrics.cell * 0.2
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(frame)
            # Half a pixel, so that a line one pixel wide is one pixel.
            left = round(inset) + 0.5
            painter.drawRoundedRect(
                QRectF(left, 0.5, size.width() - 2 * left, size.height() - 1), 3, 3
            )
            painter.setFont(metrics.tag_font)
            painter.setPen(colour)
            baseline = (size.height() + metrics.tag_metrics.capHeight()) / 2
            painter.drawText(QPointF(metrics.cell / 2, round(baseline)), piece.text)
        return image

    def _paint_ring(self, painter: QPainter, x: float, y: int) -> None:
        metrics = self._metrics
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("secondary"), 1.2))
        side = metrics.cell * 1.3
        left, top = x + metrics.cell * 0.3, y + metrics.middle - side / 2
        painter.drawEllipse(QRectF(left, top, side, side))


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
