"""The text field of the composer: many lines, a mark at a fault, Up and Down to the history."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.ui.theme import theme

_ARROWS = {
    Qt.Key.Key_Up: (QTextCursor.MoveOperation.Up, -1),
    Qt.Key.Key_Down: (QTextCursor.MoveOperation.Down, 1),
}


def utf16_units(text: str) -> int:
    """How far `text` moves a QTextCursor, which counts UTF-16 units, not characters."""
    return len(text) + sum(character > "\uffff" for character in text)


class ComposeEditor(QPlainTextEdit):
    """A plain text editor whose text comes out exactly as it was put in."""

    step_requested = Signal(int)  # Up at the first line: -1; Down at the last one: 1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked: tuple[int, int] | None = None  # begin and length, in UTF-16 units
        # Tab leads on, so that the keyboard gets out of here; a tab is typed as \t.
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        theme().changed.connect(self._restyle)
        self._restyle()

    def text(self) -> str:
        """What is typed; every line break is one "\\n".

        Not toPlainText, which makes ordinary spaces of no-break spaces: other bytes.
        """
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def replace_text(self, text: str) -> None:
        """Put `text` in place of everything, as one step that can be undone."""
        cursor = self.textCursor()
        # The removal comes last: after an insertion Qt would make one step of it and of whatever
        # the user types next.
        cursor.beginEditBlock()
        cursor.setPosition(0)
        cursor.insertText(text)
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
        text = self.text()
        begin = min(max(position, 0), len(text))
        end = min(begin + max(length, 1), len(text))
        if begin == end and begin:  # nothing is there: mark what comes before
            begin -= 1
        start = utf16_units(text[:begin])
        self._marked = (start, utf16_units(text[begin:end]))
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
        """Up and Down leave the text where it ends."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
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

    def _restyle(self) -> None:
        self.setFont(theme().mono_font())
        self.viewport().setFont(theme().mono_font())  # the placeholder's
        self._show_mark()


def _fault_format() -> QTextCharFormat:
    colour = theme().colour("error")
    tint = QColor(colour)
    tint.setAlphaF(0.14)
    style = QTextCharFormat()
    style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    style.setUnderlineColor(colour)
    style.setBackground(tint)
    return style
