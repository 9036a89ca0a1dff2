"""A text of Python that cannot be changed, with marks: threads, passed lines, returned values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.ui.classroom.source.colouring import PythonColours
from app.ui.classroom.source.lined import LinedText
from app.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_GAP_CELLS = 3  # between a line and the value behind it
_LINES_AROUND = 4
_LEAST_CELLS = 12  # so much of a value is shown in any case
_MIDDLE_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Value(NamedTuple):
    """What stands behind a line."""

    text: str
    token: str  # of its colour
    covers: bool = True  # where there is no room, it may hide the end of the line


class CodeView(LinedText):
    """Read with mouse and keyboard; Enter or a click chooses a line. GUI thread."""

    line_chosen = Signal(int)
    line_reached = Signal(int)  # the caret came there, by whatever way
    scrolled_away = Signal()  # by the user

    def __init__(self, facts_of: Callable[[int], list[str]], parent: QWidget | None = None) -> None:
        """`facts_of` tells what is known of a line; nothing: []."""
        super().__init__(parent)
        self._facts_of = facts_of
        self._values: Mapping[int, Value] = {}
        self._flashing: tuple[int, ...] = ()
        self._chosen = 0
        self._colours = PythonColours(self.document())
        self._line = 0
        # Not valueChanged: that tells of every new size too. The wheel is told here as well.
        self.verticalScrollBar().actionTriggered.connect(lambda _action: self.scrolled_away.emit())
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.cursorPositionChanged.connect(self._on_caret)
        self.dress()

    # -- what is shown -------------------------------------------------------------------------

    def set_source(self, source: str, *, keep_place: bool) -> None:
        """Show another text, from its top or from about where the reader is."""
        bar, line = self.verticalScrollBar(), self._line if keep_place else 1
        at = bar.value() if keep_place else 0
        self._colours.set_source(source)
        self.setPlainText(source.rstrip("\n"))
        self.fit_margin()
        self._put_caret(min(line, self.blockCount()))
        bar.setValue(at)

    def set_marks(
        self,
        standing: Mapping[int, int],
        values: Mapping[int, Value],
        flashing: tuple[int, ...],
    ) -> None:
        """Show these: counts and values by line, and the lines that were passed just now."""
        if (standing, values) != (self.standing, self._values):
            self.standing, self._values = standing, values
            self.update_margin()
            self.viewport().update()
        if flashing != self._flashing:
            self._flashing = flashing
            self._show_grounds()

    @property
    def flashing(self) -> tuple[int, ...]:
        """The lines that were passed just now."""
        return self._flashing

    @property
    def values(self) -> Mapping[int, Value]:
        """What stands behind the lines."""
        return self._values

    @property
    def chosen(self) -> int:
        """The line whose call is chosen; 0: none."""
        return self._chosen

    def choose(self, line: int) -> None:
        """Mark a line and bring it into sight; 0: none."""
        self._chosen = line
        self._show_grounds()
        if line:
            self._put_caret(line)
            self.bring_into_sight(line)

    def bring_into_sight(self, line: int) -> None:
        """Scroll, as little as need be, until a line has some lines around it."""
        # Without wrapped lines, the bar counts lines.
        bar = self.verticalScrollBar()
        shown = max(bar.pageStep() - 1, 1)
        first, around = bar.value() + 1, min(_LINES_AROUND, shown // 4)
        if line < first + around:
            bar.setValue(line - around - 1)
        elif line > first + shown - 1 - around:
            bar.setValue(line - shown + around)

    def _put_caret(self, line: int) -> None:
        block = self.document().findBlockByNumber(max(line - 1, 0))
        self.setTextCursor(QTextCursor(block))

    def _show_grounds(self) -> None:
        grounds = [(self._chosen, "selection")] if self._chosen else []
        grounds += [(line, "flash") for line in self._flashing]
        self.setExtraSelections([self._ground(line, theme().colour(t)) for line, t in grounds])

    def _ground(self, line: int, colour: QColor) -> QTextEdit.ExtraSelection:
        ground = QTextEdit.ExtraSelection()
        ground.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        ground.format.setBackground(colour)
        ground.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return ground

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, then the values behind the lines."""
        super().paintEvent(event)
        with QPainter(self.viewport()) as painter:
            painter.setFont(self.font())
            for line, top, height in self.lines_in_sight():
                if line in self._values:
                    self._paint_value(painter, line, top, height)

    def _paint_value(self, painter: QPainter, line: int, top: float, height: float) -> None:
        """Behind the line; where there is no room, in place of its comment or over its end."""
        text, token, covers = self._values[line]
        metrics, width = QFontMetricsF(self.font()), self.viewport().width()
        code = self.document().findBlockByNumber(line - 1).text()
        gap = metrics.horizontalAdvance("0") * _GAP_CELLS
        begin = self.contentOffset().x() + self.document().documentMargin() + gap
        end = left = begin + metrics.horizontalAdvance(code)
        if left + metrics.horizontalAdvance(text) > width:
            bare = code[: self._colours.code_length(line - 1, code)]
            left = begin + metrics.horizontalAdvance(bare)
            if not covers and left + metrics.horizontalAdvance(text) > width:
                return
        left = min(left, width - metrics.horizontalAdvance("0") * _LEAST_CELLS)
        where = QRectF(left, top, width - left, height)
        if left < end:
            ground = "flash" if line in self._flashing else "surface"
            painter.fillRect(where.adjusted(-gap / 3, 0, 0, 0), theme().colour(ground))
        painter.setPen(theme().colour(token))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, _MIDDLE_LEFT, shown)

    # -- looks ------------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        super().restyle()
        self._colours.rehighlight()
        self._show_grounds()

    # -- choosing ------------------------------------------------------------------------------

    def _on_caret(self) -> None:
        line = self.textCursor().blockNumber() + 1
        if line != self._line:
            self._line = line
            self.line_reached.emit(line)

    def tip_at(self, where: QPoint) -> str:
        """What is known of the line there."""
        return "\n".join(self._facts_of(self.cursorForPosition(where).blockNumber() + 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses its line; a drag selects text."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_chosen.emit(self.textCursor().blockNumber() + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the line of the caret. The arrows may scroll."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line_chosen.emit(self.textCursor().blockNumber() + 1)
        else:
            before = self.verticalScrollBar().value()
            super().keyPressEvent(event)
            if self.verticalScrollBar().value() != before:
                self.scrolled_away.emit()
