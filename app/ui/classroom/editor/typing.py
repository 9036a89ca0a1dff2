"""What keys do to Python text: each one step of undo, on the lines of the selection. GUI thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

if TYPE_CHECKING:
    from PySide6.QtGui import QTextBlock
    from PySide6.QtWidgets import QPlainTextEdit

INDENT = 4
_LEAVES = ("return", "break", "continue", "pass", "raise")  # what follows stands further left


def indent(edit: QPlainTextEdit) -> None:
    """Move the selected lines right; without a selection, go to the next stop."""
    cursor = edit.textCursor()
    if not cursor.hasSelection():
        cursor.insertText(" " * (INDENT - cursor.positionInBlock() % INDENT))
        return
    with _one_step(cursor):
        for line in _lines(cursor):
            if line.text().strip():
                QTextCursor(line).insertText(" " * INDENT)


def outdent(edit: QPlainTextEdit) -> None:
    """Move the lines left, to the stop before."""
    cursor = edit.textCursor()
    with _one_step(cursor):
        for line in _lines(cursor):
            surplus = _margin(line.text())
            _delete(line, 0, (surplus - 1) % INDENT + 1 if surplus else 0)


def comment(edit: QPlainTextEdit) -> None:
    """Put `# ` before the lines, or take it away if all of them have it."""
    cursor = edit.textCursor()
    lines = [line for line in _lines(cursor) if line.text().strip()]
    if not lines:
        return
    at = min(_margin(line.text()) for line in lines)
    with _one_step(cursor):
        if all(line.text().lstrip().startswith("#") for line in lines):
            for line in lines:
                begin = _margin(line.text())
                _delete(line, begin, 2 if line.text()[begin:].startswith("# ") else 1)
        else:
            for line in lines:
                place = QTextCursor(line)
                place.setPosition(line.position() + at)
                place.insertText("# ")


def new_line(edit: QPlainTextEdit) -> None:
    """Begin a line where the one before begins; deeper behind a colon."""
    cursor = edit.textCursor()
    with _one_step(cursor):
        cursor.removeSelectedText()
        before = cursor.block().text()[: cursor.positionInBlock()]
        depth, code = _margin(before), before.partition("#")[0].strip()
        if code.endswith(":"):
            depth += INDENT
        elif code.split(" ")[0] in _LEAVES:
            depth = max(depth - INDENT, 0)
        cursor.insertText("\n" + " " * depth)
    edit.setTextCursor(cursor)
    edit.ensureCursorVisible()


def back(edit: QPlainTextEdit) -> bool:
    """Take a whole stop away where only spaces stand before the caret; else return False."""
    cursor = edit.textCursor()
    before = cursor.block().text()[: cursor.positionInBlock()]
    if cursor.hasSelection() or not before or before.strip(" "):
        return False
    for _ in range((len(before) - 1) % INDENT + 1):
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    return True


@contextmanager
def _one_step(cursor: QTextCursor) -> Iterator[None]:
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()


def _lines(cursor: QTextCursor) -> list[QTextBlock]:
    """The lines of the selection; one in which it only ends does not count."""
    document, end = cursor.document(), cursor.selectionEnd()
    first, last = document.findBlock(cursor.selectionStart()), document.findBlock(end)
    if last != first and last.position() == end:
        last = last.previous()
    rows = range(first.blockNumber(), last.blockNumber() + 1)
    return [document.findBlockByNumber(row) for row in rows]


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _delete(line: QTextBlock, at: int, count: int) -> None:
    place = QTextCursor(line)
    place.setPosition(line.position() + at)
    place.setPosition(line.position() + at + count, QTextCursor.MoveMode.KeepAnchor)
    place.removeSelectedText()
