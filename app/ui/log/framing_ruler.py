"""What a framing makes of real bytes: where frames begin and end, where a length stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.frames.cutting import Part, Piece
from app.frames.framing import LengthField
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

_CELLS = 3  # for one byte
_WIDTHS = (16, 8, 4)


class FramingRuler(Worded, QWidget):
    """Bytes in lines, each frame on a ground of its own. GUI thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._offset = 0
        self._pieces: Sequence[Piece] = ()
        self._length: LengthField | None = None
        self.dress()

    def show_pieces(self, pieces: Sequence[Piece], length: LengthField | None) -> None:
        """Show the pieces of a stream; those of `length` have their length field marked."""
        self._pieces, self._length = pieces, length
        self._data = b"".join(piece.data for piece in pieces)
        self._offset = pieces[0].offset if pieces else 0
        self.setAccessibleName(tr("framing.ruler"))
        self._fit()
        self.update()

    @property
    def _cell(self) -> float:
        return QFontMetricsF(theme().mono_font()).horizontalAdvance("0")

    @property
    def _line_height(self) -> int:
        return theme().px(24)

    @property
    def _width(self) -> int:
        """Bytes in a line: what fits beside the offsets and a note."""
        room = int(self.width() / self._cell) - 6 - 18
        return next((width for width in _WIDTHS if width * _CELLS <= room), _WIDTHS[-1])

    def _fit(self) -> None:
        lines = -(-len(self._data) // self._width)
        self.setMinimumHeight(max(lines, 1) * self._line_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of bytes fits into a line."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Sixteen bytes a line."""
        return QSize(round(self._cell * 76), self._line_height * 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines that are asked for."""
        with QPainter(self) as painter:
            painter.setFont(theme().mono_font())
            if not self._data:
                painter.setFont(theme().ui_font())
                painter.setPen(theme().colour("secondary"))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect(), flags, tr("framing.no_bytes"))
                return
            number = 0
            for piece in self._pieces:
                number += piece.part is Part.FRAME
                self._paint_piece(painter, piece, number)
            self._paint_offsets(painter)

    def _paint_offsets(self, painter: QPainter) -> None:
        painter.setPen(theme().colour("secondary"))
        for at in range(0, len(self._data), self._width):
            self._text(painter, 0, at // self._width, f"{at:04X}")

    def _paint_piece(self, painter: QPainter, piece: Piece, number: int) -> None:
        start = piece.offset - self._offset
        ground = {Part.JUNK: "warning_fill", Part.INCOMPLETE: "hover"}.get(
            piece.part, "selection" if number % 2 else "window"
        )
        ink = "warning" if piece.part is Part.JUNK else "text"
        length = self._length if piece.part is Part.FRAME else None
        for index, byte in enumerate(piece.data):
            box = self._box(start + index)
            painter.fillRect(box, theme().colour(ground))
            if length is not None and 0 <= index - length.offset < length.size:
                painter.fillRect(box.adjusted(0, box.height() - 3, 0, 0), theme().colour("accent"))
            painter.setPen(theme().colour(ink))
            line, column = divmod(start + index, self._width)
            self._text(painter, 6 + column * _CELLS, line, f"{byte:02X}")
        box = self._box(start)
        painter.setPen(QPen(theme().colour("accent"), theme().px(2)))
        painter.drawLine(box.topLeft() + QPointF(0, 1), box.bottomLeft() - QPointF(0, 1))
        self._paint_note(painter, piece, number, start)

    def _paint_note(self, painter: QPainter, piece: Piece, number: int, start: int) -> None:
        """Say beside the line in which a piece begins what it is; the first one there wins."""
        line, column = divmod(start, self._width)
        before = [p for p in self._pieces if p.offset - self._offset < start]
        if before and (before[-1].offset - self._offset) // self._width == line and column:
            return
        names = {Part.JUNK: tr("frames.junk"), Part.INCOMPLETE: tr("frames.incomplete")}
        note = f"{names.get(piece.part, f'{number}:')} {len(piece.data)} B"
        painter.setPen(theme().colour("secondary"))
        self._text(painter, 7 + self._width * _CELLS, line, note)

    def _box(self, index: int) -> QRectF:
        line, column = divmod(index, self._width)
        cell, height = self._cell, self._line_height
        return QRectF((5.5 + column * _CELLS) * cell, line * height, _CELLS * cell, height)

    def _text(self, painter: QPainter, cells: float, line: int, text: str) -> None:
        height = self._line_height
        box = QRectF(cells * self._cell, line * height, self._cell * 60, height)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._fit()
        self.update()
