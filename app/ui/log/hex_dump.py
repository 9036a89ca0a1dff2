"""A hex dump in which bytes can be marked, by others and by the user."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.ui.log.detail_text import Part, dump_text, dump_width
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

_GAP = 2  # characters between offset, bytes and characters


class HexDump(Worded, QPlainTextEdit):
    """Shows the bytes of one frame. GUI thread."""

    marked = Signal(int, int)  # by the user: the first byte, and the one after the last

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._width = 16
        self._mark = (0, 0)
        self._showing = False
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        self.selectionChanged.connect(self._tell)
        self.dress()

    def show_bytes(self, data: bytes) -> None:
        """Show these, none of them marked."""
        self._data, self._mark = data, (0, 0)
        self._show(anew=True)

    def mark(self, start: int, end: int) -> None:
        """Mark the bytes from `start` up to, but not including, `end`, and bring them in sight."""
        self.mark_only(start, end)
        if end > start:
            self._showing = True
            cursor = self.textCursor()
            cursor.setPosition(self._position(start))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self._showing = False

    def mark_only(self, start: int, end: int) -> None:
        """Mark bytes where they are."""
        self._mark = (start, end)
        self._paint_mark()

    @property
    def _digits(self) -> int:
        return max(len(f"{len(self._data):X}"), 4)

    @property
    def _line(self) -> int:
        """Characters of a whole line, with its end."""
        return self._digits + _GAP + self._width * 3 - 1 + _GAP + self._width + 1

    def _position(self, byte: int) -> int:
        line, column = divmod(byte, self._width)
        return line * self._line + self._digits + _GAP + column * 3

    def _byte_at(self, position: int) -> int:
        """Return the byte whose digits, or whose character, stand at a place of the text."""
        line, column = divmod(position, self._line)
        column -= self._digits + _GAP
        shown = self._width * 3 - 1
        index = column // 3 if column < shown + 1 else column - shown - _GAP
        return min(line * self._width + min(max(index, 0), self._width - 1), len(self._data))

    def _show(self, *, anew: bool = False) -> None:
        margins = 2 * self.document().documentMargin()
        cell = self.fontMetrics().horizontalAdvance("0")
        bar = self.verticalScrollBar().sizeHint().width()
        room = int((self.maximumViewportSize().width() - bar - margins) / max(cell, 1))
        width = dump_width(len(self._data), room)
        if width != self._width or anew:
            self._width = width
            self._showing = True
            self.setPlainText(dump_text(Part(0, self._data, len(self._data)), width))
            self._showing = False
        self._paint_mark()

    def _paint_mark(self) -> None:
        start, end = self._mark
        form = QTextCharFormat()
        form.setBackground(QColor(theme().colour("find")))
        form.setForeground(QColor(theme().colour("text")))
        marks = []
        while start < end:
            stop = min(end, (start // self._width + 1) * self._width)
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(self._position(start))
            cursor.setPosition(self._position(stop - 1) + 2, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, form
            marks.append(selection)
            start = stop
        self.setExtraSelections(marks)

    def _tell(self) -> None:
        if self._showing or not self._data:
            return
        cursor = self.textCursor()
        start = self._byte_at(cursor.selectionStart())
        last = max(cursor.selectionEnd() - 1, cursor.selectionStart())
        if cursor.hasSelection():
            self.marked.emit(start, min(self._byte_at(last) + 1, len(self._data)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a drag means one byte."""
        super().mouseReleaseEvent(event)
        cursor = self.textCursor()
        if not cursor.hasSelection() and self._data:
            byte = self._byte_at(cursor.position())
            if byte < len(self._data):
                self.marked.emit(byte, byte + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of bytes fits into a line."""
        super().resizeEvent(event)
        self._soon.start()  # not in the midst of the laying out

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("log.detail_hex"))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.setFont(theme().mono_font())
        self._soon.start()
