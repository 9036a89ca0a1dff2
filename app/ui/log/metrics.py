"""Where the log's columns stand, in the font and the type size of the moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontMetricsF

from app.ui.theme import theme

if TYPE_CHECKING:
    from app.models.log_row import LogRow

COLUMN_CELLS = 24  # a longer value of a field is cut
ADDRESS_CELLS = 26  # a longer one (IPv6) is shortened in the middle
_TAG_SCALE = 0.78  # a control character's name, of the row's type size


class LogMetrics:
    """Sizes in pixels. Column widths grow with what was shown, and never shrink by themselves."""

    def __init__(self) -> None:
        self._time_cells = len("10:21:33.123")
        self._client_cells = len("#12")
        self._address_cells = len("192.168.1.7:64570")
        self._size_cells = len("1024 B")
        self.server_cells = 0  # its column is there while there are several
        self.columns: list[int] = []  # widths of fields' columns, in cells
        self.restyle()

    def restyle(self) -> None:
        """Measure anew: the theme has changed."""
        look = theme()
        self.font = look.mono_font()
        self.font_metrics = QFontMetricsF(self.font)
        self.tag_font = QFont(self.font)
        self.tag_font.setPixelSize(max(round(self.font.pixelSize() * _TAG_SCALE), 8))
        self.tag_metrics = QFontMetricsF(self.tag_font)
        self.cell = self.font_metrics.horizontalAdvance("0")
        self.tag_cell = self.tag_metrics.horizontalAdvance("0")
        height = self.font_metrics.ascent() + self.font_metrics.descent()
        self.row_height = max(look.px(22), round(height))
        self.text_top = round((self.row_height - height) / 2)
        self.ascent = round(self.font_metrics.ascent())
        self.baseline = self.text_top + self.ascent
        # Half the height of a capital above the baseline: what stands beside text is centred here.
        self.middle = self.baseline - round(self.font_metrics.capHeight() / 2)
        self.tag_height = round(self.tag_metrics.capHeight()) + look.px(6)
        self.margin = look.px(10)
        self.gap = look.px(14)
        self._place()

    def grow(self, rows: Iterable[LogRow], *, servers: bool = False) -> bool:
        """Make room for these rows' columns; return whether anything moved.

        `servers`: they are of several, and each tells its own.
        """
        before = self._cells()
        self.server_cells = max(self.server_cells, len("TCP 8080")) if servers else 0
        for row in rows:
            self._time_cells = max(self._time_cells, len(row.time_text))
            self._client_cells = max(self._client_cells, len(row.client_text))
            self._address_cells = max(self._address_cells, min(len(row.address), ADDRESS_CELLS))
            self._size_cells = max(self._size_cells, len(size_label(row)))
            if servers:
                self.server_cells = max(self.server_cells, cells_of(row.server))
            for at, value in enumerate(row.columns[: len(self.columns)]):
                self.columns[at] = max(self.columns[at], min(cells_of(value), COLUMN_CELLS))
        if before == self._cells():
            return False
        self._place()
        return True

    def _cells(self) -> tuple[int, ...]:
        own = (self._time_cells, self._client_cells, self._address_cells, self._size_cells)
        return (*own, self.server_cells, *self.columns)

    def set_columns(self, names: Sequence[str]) -> None:
        """Make room for columns of these fields beside the content."""
        self.columns = [min(max(cells_of(name), 6), COLUMN_CELLS) for name in names]

    @property
    def columns_width(self) -> int:
        """The width of all fields' columns."""
        return round(sum(self.columns) * self.cell + len(self.columns) * self.gap)

    def column_right(self, at: int, width: int) -> float:
        """Where a field's column ends, in a view of this width."""
        behind = self.columns[at + 1 :]
        return width - self.margin - sum(behind) * self.cell - len(behind) * self.gap

    def _place(self) -> None:
        cell, gap = self.cell, self.gap
        self.time_x = float(self.margin)
        self.arrow_x = self.time_x + self._time_cells * cell + gap
        self.client_x = self.arrow_x + 2 * cell + gap / 2
        self.server_x = self.client_x + self._client_cells * cell + gap
        server_width = self.server_cells * cell + gap if self.server_cells else 0
        self.address_x = self.server_x + server_width
        self.size_right = self.address_x + (self._address_cells + self._size_cells) * cell + gap
        self.content_x = round(self.size_right + gap * 1.5)


def cells_of(text: str) -> int:
    """Return about how many cells a text takes: Chinese takes two each."""
    return sum(1 if character < "\u1100" else 2 for character in text)


def size_label(row: LogRow) -> str:
    """Return a chunk's exact size, with dots where more may follow; nothing for an event."""
    return f"{row.size_bytes} B{'…' * row.filled}" if row.is_chunk else ""


def address_label(row: LogRow) -> str:
    """Return a client's address, shortened in the middle where it is too long for the column."""
    address = row.address
    if len(address) <= ADDRESS_CELLS:
        return address
    half = (ADDRESS_CELLS - 1) // 2
    return f"{address[:half]}…{address[-half:]}"
