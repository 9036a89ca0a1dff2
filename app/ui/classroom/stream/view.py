"""The band in a scroll area: the whole stream can be reached, only what is in sight is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.journal.errors import JournalError
from app.ui.classroom.stream.grid import Grid
from app.ui.classroom.stream.painting import BandPainter, Scene, waiting_text
from app.ui.classroom.tail import Tail
from app.ui.theme import set_role, theme
from app.ui.widgets.tips import TipsInView
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.stream_band import Band
    from app.models.stream_source import StreamSource

_K = Qt.Key
ROWS_HINT = 3


class StreamView(Worded, TipsInView, QAbstractScrollArea):
    """Bytes, painted. It follows the end until somebody scrolls back. GUI thread."""

    chosen = Signal(int)  # a byte's offset
    failed = Signal(str)  # the journal could not be read: why

    def __init__(self, facts_of: Callable[[int], list[str]], parent: QWidget | None = None) -> None:
        """`facts_of` tells what is known of the byte at an offset in sight."""
        super().__init__(parent)
        self._facts_of = facts_of
        self.grid = Grid()
        self.current = -1
        self._painter = BandPainter(self.grid)
        self._source: StreamSource | None = None
        self._band: Band | None = None
        self._begin = self._end = 0  # of the stream, as far as it is kept
        self._first_number = 0
        self._chosen_entry = 0
        self._spoken: frozenset[int] = frozenset()  # entries that the words on show are about
        self.tail = Tail(self)
        set_role(self, "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._read)
        self.dress()

    # -- what is shown -------------------------------------------------------------------------

    def set_source(self, source: StreamSource | None) -> None:
        """Show another stream, from its newest end."""
        self._source = source
        self.current, self._chosen_entry = -1, 0
        self.tail.set_follows(True)
        self.refresh()

    @property
    def band(self) -> Band | None:
        """What is in sight."""
        return self._band

    @property
    def is_empty(self) -> bool:
        """Whether there is no byte to show."""
        return self._end == 0

    def refresh(self) -> None:
        """Take over what is new, and paint."""
        try:
            bounds = self._source.bounds() if self._source else (0, 0)
        except JournalError as error:
            self.failed.emit(str(error))
            return
        self._begin, self._end = bounds
        self._fit_scroll_bar()
        self._read()

    def show_alone(self, on: bool) -> None:
        """Show also what each chunk decoded by itself says."""
        self.grid.shows_alone = on
        self._fit_scroll_bar()
        self._read()

    def choose(self, offset: int, entry_id: int) -> None:
        """Mark a byte and its chunk, and bring them into sight."""
        self.current, self._chosen_entry = offset, entry_id
        self._bring_into_sight(offset)

    def mark(self, entries: frozenset[int], offset: int) -> None:
        """Mark what the words on show are about, and bring its first byte into sight; -1: none."""
        self._spoken = entries
        if offset >= 0:
            self._bring_into_sight(offset)
        self.viewport().update()

    def _bring_into_sight(self, offset: int) -> None:
        bar, row = self.verticalScrollBar(), self.grid.row_of(offset) - self._base_row
        if not bar.value() <= row < bar.value() + self._rows_in_sight:
            self.tail.set_follows(False)
            bar.setValue(row)
        self.viewport().update()

    def _read(self) -> None:
        """Read and lay out what is in sight."""
        self._band = None
        first = self._first_row
        begin = max(first * self.grid.per_row, self._begin)
        end = min((first + self._rows_in_sight + 1) * self.grid.per_row, self._end)
        if self._source is not None and end > begin:
            try:
                self._band = self._source.band(begin, end)
                chunks = self._band.chunks
                self._first_number = self._source.number(chunks[0]) if chunks else 0
            except JournalError as error:
                self.failed.emit(str(error))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every row in sight."""
        with QPainter(self.viewport()) as painter:
            if self._band is None or self._source is None:
                painter.fillRect(self.viewport().rect(), theme().colour("surface"))
                return
            area = self.viewport().size()
            marked = self._spoken | {self._chosen_entry}
            scene = Scene(
                self._band, self._source.kind, self._first_row, area.width(), area.height(),
                self._first_number, self.current, marked, self.hasFocus(),
            )  # fmt: skip
            self._painter.paint(painter, scene)

    def number_of(self, offset: int) -> int:
        """Return the number in its stream of the chunk in sight that brought a byte."""
        chunk = self._band.chunk_at(offset) if self._band else None
        if self._band is None or chunk is None:
            return 0
        return self._first_number + self._band.chunks.index(chunk)

    # -- moving --------------------------------------------------------------------------------

    @property
    def _base_row(self) -> int:
        """The row of the first byte that is kept."""
        return self.grid.row_of(self._begin)

    @property
    def _first_row(self) -> int:
        return self._base_row + self.verticalScrollBar().value()

    @property
    def _rows_in_sight(self) -> int:
        return max((self.viewport().height() + self.grid.pad) // self.grid.row_height, 1)

    def _fit_scroll_bar(self) -> None:
        self.grid.fit(self.viewport().width())
        bar, rows = self.verticalScrollBar(), 0
        if self._end > self._begin:
            # Where half a character waits, what it waits for is said behind it.
            room = self._painter.cells_for(waiting_text(1))
            rows = self.grid.row_of(self._end - 1 + room) - self._base_row + 1
        bar.setPageStep(self._rows_in_sight)
        with self.tail.quiet():
            bar.setRange(0, max(rows - self._rows_in_sight, 0))
        self.tail.keep()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows choose a byte; Home and End go to the ends of the stream."""
        grid, page = self.grid, self._rows_in_sight * self.grid.per_row
        step = {
            _K.Key_Left: -1, _K.Key_Right: 1, _K.Key_Up: -grid.per_row, _K.Key_Down: grid.per_row,
            _K.Key_PageUp: -page, _K.Key_PageDown: page,
        }.get(_K(event.key()))  # fmt: skip
        if step is not None:
            self._step(step)
        elif event.key() == _K.Key_Home and self._end:
            self._move_to(self._begin)
        elif event.key() == _K.Key_End and self._end:
            self._move_to(self._end - 1)
            self.tail.set_follows(True)
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        if not self._end:
            return
        start = self.current if self.current >= 0 else self._end - 1 - step
        self._move_to(min(max(start + step, self._begin), self._end - 1))

    def _move_to(self, offset: int) -> None:
        self.choose(offset, 0)
        self._tell_chosen(offset)

    def _tell_chosen(self, offset: int) -> None:
        chunk = self._band.chunk_at(offset) if self._band else None
        self._chosen_entry = chunk.id if chunk else 0
        self.viewport().update()
        self.chosen.emit(offset)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a byte."""
        offset = self._offset_at(event.position().toPoint())
        if offset is not None and event.button() == Qt.MouseButton.LeftButton:
            self.current = offset
            self._tell_chosen(offset)

    def _offset_at(self, where: QPoint) -> int | None:
        offset = self.grid.offset_at(where.x(), where.y(), self._first_row)
        return offset if offset is not None and self._begin <= offset < self._end else None

    def tip_at(self, where: QPoint) -> str:
        """What is known of the byte there."""
        offset = self._offset_at(where)
        return "" if offset is None else "\n".join(self._facts_of(offset))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen byte has another frame."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The chosen byte has another frame."""
        super().focusOutEvent(event)
        self.viewport().update()

    # -- sizes ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of bytes fits; what was at the top stays there."""
        top = self._first_row * self.grid.per_row
        super().resizeEvent(event)
        self._fit_scroll_bar()
        if not self.tail.follows:
            self.verticalScrollBar().setValue(self.grid.row_of(top) - self._base_row)
        self._read()

    def restyle(self) -> None:
        """Take over the theme's font, or the words of the language."""
        self.grid.restyle()
        self.grid.set_words((tr("stream.together"), tr("stream.alone")))
        self._fit_scroll_bar()
        self._read()

    def minimumSizeHint(self) -> QSize:
        """Half a row is enough: on a low screen every other part of the window is smaller too."""
        return QSize(theme().px(120), self.grid.row_height // 2)

    def sizeHint(self) -> QSize:
        """Some rows."""
        return QSize(theme().px(600), ROWS_HINT * self.grid.row_height)
