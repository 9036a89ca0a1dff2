"""Python that is written here, with the threads and the errors that stand at its lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

from app.ui.classroom.editor import typing
from app.ui.classroom.source.colouring import PythonColours
from app.ui.classroom.source.lined import LinedText
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from PySide6.QtWidgets import QWidget

MOST_COLOURED = 30_000  # characters: more would make each key slow
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CodeEditor(LinedText):
    """Keeps its text until it is told another; an error's mark moves with its line. GUI thread."""

    edited = Signal()  # the text is another one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = ""
        self._faults: list[tuple[QTextCursor, str]] = []  # in its line, and what is wrong
        self._colours = PythonColours(self.document())
        self.blockCountChanged.connect(lambda _count: self.fit_margin())
        self.textChanged.connect(self._on_text)
        self.dress()

    # -- the text ------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The text, with one line feed at its end."""
        return self._source.rstrip("\n") + "\n"

    def open_text(self, text: str) -> None:
        """Show another text; undo does not lead back over it."""
        self.setPlainText(_tidy(text))

    def replace_text(self, text: str) -> None:
        """Show another text; one undo brings back the one before."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(_tidy(text))
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)

    def _on_text(self) -> None:
        text = self.toPlainText()
        if text != self._source:  # and not only its colours
            self._source = text
            self._colours.follow(text if len(text) <= MOST_COLOURED else "")
            self.edited.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as plain text."""
        self.textCursor().insertText(_tidy(source.text()))
        self.ensureCursorVisible()

    # -- what is marked ------------------------------------------------------------------------

    @property
    def faulty_lines(self) -> Collection[int]:
        """The lines with an error."""
        return {cursor.blockNumber() + 1 for cursor, _ in self._faults}

    def show_faults(self, faults: Iterable[tuple[int, str]]) -> None:
        """Mark these lines, each with what is wrong there; line 0 is none."""
        rows = self.document().blockCount()
        self._faults = [
            (QTextCursor(self.document().findBlockByNumber(min(line, rows) - 1)), words)
            for line, words in faults
            if line > 0
        ]
        self._underline()
        self.update_margin()

    def show_standing(self, lines: Iterable[int]) -> None:
        """Show how many threads stand in each of these lines."""
        standing = Counter(line for line in lines if line)
        if standing != self.standing:
            self.standing = standing
            self.update_margin()

    def go_to(self, line: int) -> None:
        """Put the caret into a line."""
        if line:
            self.setTextCursor(QTextCursor(self.document().findBlockByNumber(line - 1)))
            self.centerCursor()

    def _underline(self) -> None:
        marks = []
        for cursor, _ in self._faults:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(cursor.block())
            mark.cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            mark.format.setUnderlineColor(theme().colour("error"))
            mark.format.setBackground(theme().colour("error_fill"))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.setExtraSelections(marks)

    def tip_at(self, where: QPoint) -> str:
        """What is wrong with the line there, and how many threads stand in it."""
        line = self.cursorForPosition(where).blockNumber() + 1
        told = [words for cursor, words in self._faults if cursor.blockNumber() + 1 == line]
        if self.standing.get(line):
            told.append(tr("editor.standing", n=self.standing[line]))
        return "\n".join(told)

    # -- keys ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that mean more in Python than elsewhere."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == _CONTROL and key == Qt.Key.Key_Tab:  # Tab itself indents
            self._leave(forward=True)
        elif modifiers & _CONTROL and key == Qt.Key.Key_Backtab:
            self._leave(forward=False)
        elif modifiers == _CONTROL and key == Qt.Key.Key_Slash:
            typing.comment(self)
        elif key == Qt.Key.Key_Backtab:
            typing.outdent(self)
        elif key == Qt.Key.Key_Tab and not modifiers:
            typing.indent(self)
        elif key in _ENTER and modifiers in (Qt.KeyboardModifier.NoModifier, _SHIFT):
            typing.new_line(self)  # Shift+Enter would break the line without a new block
        elif key == Qt.Key.Key_Backspace and not modifiers and typing.back(self):
            pass
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _leave(self, *, forward: bool) -> None:
        parent = self.parentWidget()  # the text itself never lets Tab go
        if parent is not None:
            parent.focusNextPrevChild(forward)

    # -- looks ---------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        super().restyle()
        self.setTabStopDistance(QFontMetricsF(self.font()).horizontalAdvance(" ") * typing.INDENT)
        self._colours.rehighlight()
        self._underline()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("editor.name"))
        self.setAccessibleDescription(tr("editor.how"))


def _tidy(text: str) -> str:
    """Line feeds alone, spaces for tabs, and nothing that Qt would take for the end of a line."""
    for other in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(other, "\n")
    return text.expandtabs(typing.INDENT).replace("\0", "")
