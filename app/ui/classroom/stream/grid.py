"""Where each byte of the band stands: cells in rows, a margin on the left."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF

from app.ui.theme import theme

_CELL_WIDTH = 3.5  # of a digit's
_SMALL = 0.8  # of the type size: offsets, calls, \xNN, control characters
_STEP = 4  # bytes: a row has a multiple of it
_PAD_PX = 5


class Grid:
    """Sizes in pixels, in the type size of the moment. A row is a call line, hex, characters."""

    def __init__(self) -> None:
        self.per_row = _STEP
        self.shows_alone = False
        self.restyle()

    def restyle(self) -> None:
        """Measure anew: the theme has changed."""
        px = theme().px
        self.font = theme().mono_font()
        self.small = QFont(self.font)
        self.small.setPixelSize(max(round(self.font.pixelSize() * _SMALL), 8))
        self.metrics, self.small_metrics = QFontMetricsF(self.font), QFontMetricsF(self.small)
        self.pad = px(_PAD_PX)
        self.cell = round(self.metrics.horizontalAdvance("0") * _CELL_WIDTH)
        self.call_height = round(self.small_metrics.height()) + px(2)
        self.line_height = round(self.metrics.height()) + px(4)
        self.margin = 0
        self.set_words(())

    def set_words(self, words: tuple[str, ...]) -> None:
        """Make the margin wide enough for these names of lines, and for offsets."""
        widest = max(self.small_metrics.horizontalAdvance(word) for word in (*words, "0" * 8))
        self.margin = round(widest) + 3 * self.pad

    def fit(self, width: int) -> None:
        """Take as many cells as fit."""
        fitting = (width - self.margin - self.pad) // self.cell
        self.per_row = max(fitting // _STEP * _STEP, _STEP)

    @property
    def row_height(self) -> int:
        """A row with the gap below it."""
        return self.lines_height + self.pad * 2

    @property
    def lines_height(self) -> int:
        """A row's lines."""
        return self.call_height + self.line_height * (3 if self.shows_alone else 2)

    @property
    def hex_top(self) -> int:
        """The top of the bytes, below the row's top."""
        return self.call_height

    @property
    def characters_top(self) -> int:
        """The top of the characters."""
        return self.call_height + self.line_height

    @property
    def alone_top(self) -> int:
        """The top of what each chunk decoded by itself says."""
        return self.call_height + 2 * self.line_height

    def row_of(self, offset: int) -> int:
        """Return the row of a byte."""
        return offset // self.per_row

    def x_of(self, column: int) -> int:
        """Return the left edge of a column."""
        return self.margin + column * self.cell

    def offset_at(self, x: int, y: int, first_row: int) -> int | None:
        """Return the offset whose place this is; None beside the cells."""
        column = (x - self.margin) // self.cell
        if x < self.margin or column >= self.per_row or y < 0:
            return None
        row: int = first_row + y // self.row_height
        return row * self.per_row + int(column)
