"""The text field of the composer: many lines, a mark at a fault, Up and Down to the history.

Qt ends every line in the same way. So that what was pasted comes out as it was put in, a block's
format remembers how its line ended, and goes along with undo. Enter makes a line that ends as the
one that it is typed in.
"""

from __future__ import annotations

import re
from itertools import groupby

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.ui.composer.folded import FoldedLines, Unfolded
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

# Qt lays out a longer text for so long that the window stands still.
MOST_CHARACTERS = 1_048_576
MOST_LINES = 20_000
_ENDS = re.compile("\r\n|[\r\n\u2029\ufdd0\ufdd1]")  # where Qt begins a new block
# To wrap such a word at its boundaries first takes Qt a time that grows with the square of it.
_LONG_WORD = re.compile(r"\S{5000}")
_BLOCK = "\u2029"  # what Qt shows there
_END = QTextFormat.Property.UserProperty.value

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = {
    Qt.Key.Key_Up: (QTextCursor.MoveOperation.Up, -1),
    Qt.Key.Key_Down: (QTextCursor.MoveOperation.Down, 1),
}


class ComposeEditor(Worded, QPlainTextEdit):
    """A plain text editor whose text comes out exactly as it was put in."""

    step_requested = Signal(int)  # Up at the first line: -1; Down at the last one: 1
    refused = Signal(str)  # one sentence: what was pasted is too long

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeps_ends = False  # there were other line ends than "\n"
        self._folded = FoldedLines(self.document(), self)
        self._known = (-1, Unfolded("", "", []))  # the document's revision, and its text
        self._marked: tuple[int, int] | None = None  # begin and length, in UTF-16 units
        # Tab leads on, so that the keyboard gets out of here; a tab is typed as \t.
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.dress()

    def text(self) -> str:
        """What is typed or was pasted; a line break that was typed into plain text is "\\n".

        Not toPlainText, which makes ordinary spaces of no-break spaces: other bytes.
        """
        return self._unfolded().text

    def _unfolded(self) -> Unfolded:
        revision = self.document().revision()
        if self._known[0] != revision:
            shown = self._with_ends(self.document().toRawText(), self.document().begin())
            self._known = revision, self._folded.unfold(shown)
        return self._known[1]

    def _selected(self) -> str:
        """What is selected, to the last character."""
        cursor = self.textCursor()
        begin = cursor.selectionStart()
        shown = self._with_ends(cursor.selectedText(), self.document().findBlock(begin))
        return self._folded.unfold(shown, begin).text

    def _with_ends(self, raw: str, block: QTextBlock) -> str:
        """Put the ends of the lines, `block` and those after it, in place of Qt's separators."""
        if not self._keeps_ends:
            return raw.replace(_BLOCK, "\n")
        first, *others = raw.split(_BLOCK)
        parts = [first]
        for line in others:
            parts += (_end_of(block), line)
            block = block.next()
        return "".join(parts)

    def _insert(self, cursor: QTextCursor, text: str) -> None:
        """Put `text` in place of what `cursor` has selected, its line ends kept."""
        ends = list(_ENDS.finditer(text))
        self._keeps_ends = self._keeps_ends or any(end.group() != "\n" for end in ends)
        if _LONG_WORD.search(text):
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        elif self.document().isEmpty():
            self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        after = cursor.blockFormat()
        done = 0
        if self._keeps_ends:
            for end, alike in groupby(ends, lambda match: match.group()):
                *_, last = alike
                # The new blocks take over the format: far quicker than giving each its own.
                style = QTextBlockFormat()
                style.setProperty(_END, end)
                cursor.mergeBlockFormat(style)
                self._folded.insert(cursor, text[done : last.end()])
                done = last.end()
            cursor.setBlockFormat(after)
        self._folded.insert(cursor, text[done:])
        cursor.endEditBlock()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste or drop, to the last character; or nothing of what would hold the window up."""
        text, document, cursor = source.text(), self.document(), self.textCursor()
        begin, end = cursor.selectionStart(), cursor.selectionEnd()  # what is replaced
        characters = len(self.text()) - len(self._selected()) + len(text)
        gone = document.findBlock(end).blockNumber() - document.findBlock(begin).blockNumber()
        lines = document.blockCount() - gone + max(text.count("\n"), text.count("\r"))
        if characters > MOST_CHARACTERS or lines > MOST_LINES:
            most = {"most": MOST_CHARACTERS, "most_lines": MOST_LINES}
            self.refused.emit(tr("composer.too_long", characters=characters, lines=lines, **most))
            return
        self._insert(self.textCursor(), text)
        self.ensureCursorVisible()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy, to the last character."""
        data = QMimeData()
        data.setText(self._selected())
        return data

    def replace_text(self, text: str) -> None:
        """Put `text` in place of everything, as one step that can be undone."""
        cursor = self.textCursor()
        # The removal comes last: after an insertion Qt would make one step of it and of whatever
        # the user types next.
        cursor.beginEditBlock()
        cursor.setPosition(0)
        self._insert(cursor, text)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.endEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def mark(self, position: int, length: int, *, go_there: bool) -> None:
        """Underline `length` characters (at least one) at `position`, counted as Python does.

        With `go_there` the cursor is put before them and the field takes the focus.
        """
        known = self._unfolded()
        begin = min(max(position, 0), len(known.text))
        end = min(begin + max(length, 1), len(known.text))
        if begin == end and begin:  # nothing is there: mark what comes before
            begin -= 1
        start = known.place_of(begin)
        self._marked = (start, max(known.place_of(end) - start, 1))
        if go_there:
            cursor = self.textCursor()
            cursor.setPosition(start)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_mark()

    def clear_mark(self) -> None:
        """Take the underline away."""
        if self._marked is not None:
            self._marked = None
            self._show_mark()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down leave the text where it ends; Shift+Enter is no other line break."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ENTERS and modifiers == Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if arrow and modifiers == Qt.KeyboardModifier.NoModifier:
            move, step = arrow
            if not self.textCursor().hasSelection() and not self.textCursor().movePosition(move):
                self.step_requested.emit(step)
                return
        super().keyPressEvent(event)

    def _show_mark(self) -> None:
        selections: list[QTextEdit.ExtraSelection] = []
        if self._marked is not None:
            begin, length = self._marked
            cursor = QTextCursor(self.document())
            cursor.setPosition(begin)
            cursor.setPosition(begin + length, QTextCursor.MoveMode.KeepAnchor)
            selection = QTextEdit.ExtraSelection()
            selection.cursor = cursor
            selection.format = _fault_format()
            selections.append(selection)
        self.setExtraSelections(selections)

    def retranslate(self) -> None:
        """Fetch the words of the current language: how wide they are is known to the layout."""
        self.document().markContentsDirty(0, self.document().characterCount())

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.setFont(theme().mono_font())
        self.viewport().setFont(theme().mono_font())  # the placeholder's
        self._show_mark()


def _end_of(block: QTextBlock) -> str:
    return str(block.blockFormat().property(_END) or "\n")


def _fault_format() -> QTextCharFormat:
    colour = theme().colour("error")
    tint = QColor(colour)
    tint.setAlphaF(0.14)
    style = QTextCharFormat()
    style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    style.setUnderlineColor(colour)
    style.setBackground(tint)
    return style
