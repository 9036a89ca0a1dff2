"""Paints the band: for each row the calls, the bytes, the characters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from app.journal.entry import Kind
from app.text.visible import RunKind, runs
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.models.stream_band import Band, Character
    from app.ui.classroom.stream.grid import Grid

_MIDDLE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_CALLS = {Kind.IN: "recv", Kind.OUT: "send"}
_DOTTED_CIRCLE = "\u25cc"  # carries a combining character that stands by itself


@dataclass(slots=True)
class Scene:
    """What is to be painted."""

    band: Band
    kind: Kind
    first_row: int
    width: int
    height: int
    first_number: int  # of the band's first chunk in the stream
    current: int  # the chosen byte's offset; -1: none
    chosen_entries: frozenset[int]  # of the chosen chunk, and of those the words are about
    has_focus: bool


class Segment(NamedTuple):
    """The part of a stretch of bytes that stands in one row."""

    box: QRectF  # as wide as its cells; the top is the row's
    is_first: bool
    is_last: bool


class BandPainter:
    """Paints scenes on a grid."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Paint all of it."""
        painter.fillRect(0, 0, scene.width, scene.height, theme().colour("surface"))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._paint_margin(painter, scene)
        self._paint_chunks(painter, scene)
        self._paint_bytes(painter, scene)
        band, grid = scene.band, self._grid
        self._paint_characters(painter, scene, band.characters, grid.characters_top)
        if grid.shows_alone:
            self._paint_characters(painter, scene, band.alone, grid.alone_top)
        self._paint_boundaries(painter, scene)
        self._paint_waiting(painter, scene)
        self._paint_current(painter, scene)

    # -- beside and behind the bytes -----------------------------------------------------------

    def _paint_margin(self, painter: QPainter, scene: Scene) -> None:
        grid, band = self._grid, scene.band
        painter.setFont(grid.small)
        painter.setPen(theme().colour("secondary"))
        for row in range(scene.first_row, grid.row_of(max(band.end - 1, 0)) + 1):
            top = (row - scene.first_row) * grid.row_height
            lines = [(grid.hex_top, str(row * grid.per_row))]
            if grid.shows_alone:
                lines.append((grid.characters_top, tr("stream.together")))
                lines.append((grid.alone_top, tr("stream.alone")))
            for line_top, text in lines:
                where = QRectF(
                    grid.pad, top + line_top, grid.margin - 2 * grid.pad, grid.line_height
                )
                painter.drawText(where, _LEFT, text)

    def _paint_chunks(self, painter: QPainter, scene: Scene) -> None:
        """Every other chunk has another ground; above its bytes stands the call."""
        grid, colour = self._grid, theme().colour
        painter.setFont(grid.small)
        ink = colour("received" if scene.kind is Kind.IN else "sent")
        for number, chunk in enumerate(scene.band.chunks, scene.first_number):
            text = f"{_CALLS[scene.kind]} #{number} · {len(chunk.data):,} B"
            for segment in self._segments(scene, chunk.offset, chunk.offset + len(chunk.data)):
                box = segment.box
                ground = box.adjusted(0, grid.hex_top, 0, grid.hex_top + grid.line_height)
                if chunk.id in scene.chosen_entries:
                    painter.fillRect(ground, colour("selection"))
                elif number % 2:
                    painter.fillRect(ground, colour("hover"))
                if segment.is_first:
                    painter.setPen(ink)
                    self._write_call(painter, box, text, f"#{number}")

    def _write_call(self, painter: QPainter, box: QRectF, text: str, short: str) -> None:
        grid = self._grid
        room = box.width() - grid.pad
        shown = text if grid.small_metrics.horizontalAdvance(text) <= room else short
        if grid.small_metrics.horizontalAdvance(shown) <= room + grid.pad / 2:
            where = QRectF(box.left() + grid.pad * 0.7, box.top(), room, grid.call_height)
            painter.drawText(where, _LEFT, shown)

    def _paint_bytes(self, painter: QPainter, scene: Scene) -> None:
        grid, band = self._grid, scene.band
        painter.setFont(grid.font)
        painter.setPen(theme().colour("text"))
        first = scene.first_row * grid.per_row
        rise = (grid.line_height - grid.metrics.height()) / 2 + grid.metrics.ascent()
        indent = (grid.cell - grid.metrics.horizontalAdvance("00")) / 2
        for at, byte in enumerate(band.data(), band.begin - first):
            row, column = divmod(at, grid.per_row)
            y = row * grid.row_height + grid.hex_top + rise
            painter.drawText(QPointF(grid.x_of(column) + indent, y), f"{byte:02X}")

    def _paint_boundaries(self, painter: QPainter, scene: Scene) -> None:
        """A line where a call's bytes begin. It notches the characters, which stay readable."""
        grid = self._grid
        painter.setPen(QPen(theme().colour("accent"), max(theme().px(1.5), 1)))
        notch = grid.line_height // 4
        for chunk in scene.band.chunks:
            if scene.band.begin <= chunk.offset < scene.band.end:
                row, column = divmod(chunk.offset, grid.per_row)
                top, x = (row - scene.first_row) * grid.row_height, grid.x_of(column)
                for begin in range(grid.characters_top, grid.lines_height, grid.line_height):
                    end = begin + grid.line_height
                    painter.drawLine(x, top + begin, x, top + begin + notch)
                    painter.drawLine(x, top + end - notch, x, top + end - 1)
                painter.drawLine(x, top, x, top + grid.characters_top)

    # -- characters ----------------------------------------------------------------------------

    def _paint_characters(
        self, painter: QPainter, scene: Scene, characters: Sequence[Character], top: int
    ) -> None:
        for character in characters:
            cut = scene.band.is_cut(character)
            look = _look(character, cut)
            segments = list(self._segments(scene, character.offset, character.end))
            widest = max(segments, key=lambda s: s.box.width(), default=None)
            for segment in segments:
                box = self._inner(segment, top)
                self._paint_box(painter, box, look)
                if segment is widest:
                    self._write_character(painter, box, look)

    def _inner(self, segment: Segment, top: int) -> QRectF:
        """The box's place, open at the end where it goes on in another row."""
        gap, grid = theme().px(2), self._grid
        left = gap if segment.is_first else -gap
        right = -gap if segment.is_last else gap
        box = segment.box
        return QRectF(
            box.left() + left, box.top() + top + 1.5, box.width() - left + right,
            grid.line_height - 3,
        )  # fmt: skip

    def _paint_box(self, painter: QPainter, box: QRectF, look: _Look) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour(look.line), 1))
        painter.setBrush(theme().colour(look.fill) if look.fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _write_character(self, painter: QPainter, box: QRectF, look: _Look) -> None:
        grid = self._grid
        painter.setFont(self._fitting(look.text, box.width()) if look.is_small else grid.font)
        painter.setPen(theme().colour(look.ink))
        painter.drawText(box, _MIDDLE, look.text)

    def _fitting(self, text: str, room: float) -> QFont:
        grid = self._grid
        width = grid.small_metrics.horizontalAdvance(text)
        if width <= room - 2:
            return grid.small
        font = QFont(grid.small)
        font.setPixelSize(max(int(font.pixelSize() * (room - 2) / width), 6))
        return font

    def _paint_waiting(self, painter: QPainter, scene: Scene) -> None:
        """Half a character: its bytes in a dashed frame, and what it lacks."""
        waiting, grid = scene.band.waiting, self._grid
        if waiting is None:
            return
        colour = theme().colour("warning")
        end = waiting.offset + waiting.size
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        for segment in self._segments(scene, waiting.offset, end):
            painter.drawRect(self._inner(segment, grid.characters_top))
        text = waiting_text(waiting.missing)
        row, column = divmod(end, grid.per_row)
        if grid.per_row - column < self.cells_for(text):
            row, column = row + 1, 0
        top = (row - scene.first_row) * grid.row_height + grid.characters_top
        painter.setFont(grid.small)
        painter.setPen(colour)
        where = QRectF(grid.x_of(column) + grid.pad, top, scene.width, grid.line_height)
        painter.drawText(where, _LEFT, text)

    def cells_for(self, text: str) -> int:
        """Return how many cells a text of ours takes."""
        width = self._grid.small_metrics.horizontalAdvance(text) + self._grid.pad
        return min(int(width // self._grid.cell) + 1, self._grid.per_row)

    def _paint_current(self, painter: QPainter, scene: Scene) -> None:
        for segment in self._segments(scene, scene.current, scene.current + 1):
            grid = self._grid
            token = "accent" if scene.has_focus else "field_line_hover"
            painter.setPen(QPen(theme().colour(token), max(theme().px(2), 1)))
            box = segment.box.adjusted(1, grid.hex_top + 1, -1, grid.hex_top + grid.line_height - 1)
            painter.drawRect(box)

    def _segments(self, scene: Scene, begin: int, end: int) -> Iterator[Segment]:
        """Yield the parts of a stretch of bytes that are in sight; boxes without height."""
        grid, band = self._grid, scene.band
        at = max(begin, band.begin)
        while at < min(end, band.end):
            row, column = divmod(at, grid.per_row)
            stop = min(end, (row + 1) * grid.per_row)
            top = (row - scene.first_row) * grid.row_height
            width = (stop - at) * grid.cell
            yield Segment(QRectF(grid.x_of(column), top, width, 0), at == begin, stop == end)
            at = stop


class _Look(NamedTuple):
    """How a character is painted: tokens, and its text."""

    text: str
    is_small: bool
    ink: str
    line: str
    fill: str = ""


def _look(character: Character, cut: bool) -> _Look:
    kind, text = runs(character.text)[0]
    if kind is RunKind.BAD:
        return _Look(text, True, "text", "error", "error_fill")
    if kind is not RunKind.TEXT:
        return _Look(text, True, "secondary", "warning" if cut else "mark")
    if unicodedata.combining(text):
        text = _DOTTED_CIRCLE + text
    if cut:
        return _Look(text, False, "text", "warning", "warning_fill")
    return _Look(text, False, "text", "line")


def waiting_text(missing: int) -> str:
    """Say that half a character waits for so many bytes."""
    return tr("stream.waits_for", n=missing)
