"""A line too long to be laid out is one character of the document, which stands for all of it.

Qt lays a line out as a whole: a million characters hold the window up for a third of a second.
Such a line is kept beside the document, its number in the format of a character in its place; it
goes along with cut, paste and undo as any character does. GUI thread only.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from app.text.utf16 import utf16_units
from app.ui.theme import theme
from app.wording import tr

LONGEST_SHOWN = 32_768  # characters of one line: Qt takes about 10 ms
SHOWN = 24  # of those that are not shown
_MARK = "\ufffc"  # the character that Qt lets an object stand for
_TYPE = QTextFormat.ObjectTypes.UserObject.value + 1
_NUMBER = QTextFormat.Property.UserProperty.value + 1
_LINE = re.compile("[^\r\n\u2029\ufdd0\ufdd1]+")


class Fold(NamedTuple):
    """Where a line lies that is one character of what is shown, and its length."""

    at: int
    length: int


class Unfolded(NamedTuple):
    """A whole text, and what is shown of it."""

    text: str
    shown: str
    folds: list[Fold]

    def place_of(self, position: int) -> int:
        """Where in the document a character of the text stands, or the line that holds it."""
        before = 0  # so many more characters than are shown
        for fold in self.folds:
            inside = position - before - fold.at
            if inside <= 0:
                break
            before += min(inside, fold.length - 1)
        return places(self.shown[: position - before])


def places(shown: str) -> int:
    """How far what is shown moves a QTextCursor."""
    return utf16_units(shown) - shown.count("\r\n")


class FoldedLines(QPyTextObject):
    """The long lines of one document, and how each is shown."""

    def __init__(self, document: QTextDocument, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._kept: list[str] = []  # as long as the document, which can undo
        document.documentLayout().registerHandler(_TYPE, self)

    def insert(self, cursor: QTextCursor, text: str) -> None:
        """Insert `text`, its long lines folded."""
        done = 0
        for line in _LINE.finditer(text):
            if line.end() - line.start() > LONGEST_SHOWN:
                cursor.insertText(text[done : line.start()], QTextCharFormat())
                cursor.insertText(_MARK, self._fold(line.group()))
                done = line.end()
        cursor.insertText(text[done:], QTextCharFormat())

    def _fold(self, line: str) -> QTextCharFormat:
        if line not in self._kept[-1:]:
            self._kept.append(line)
        style = QTextCharFormat()
        style.setObjectType(_TYPE)
        style.setProperty(_NUMBER, len(self._kept) - 1)
        return style

    def unfold(self, shown: str, first: int = 0) -> Unfolded:
        """Return the whole text of what is shown from the document's place `first` on."""
        parts: list[str] = []
        folds: list[Fold] = []
        done, place = 0, first
        cursor = QTextCursor(self._document)
        for found in re.finditer(_MARK, shown) if self._kept else ():
            at = found.start()
            place += places(shown[done:at])
            cursor.setPosition(place + 1)
            style = cursor.charFormat()
            line = self._line(style) if style.objectType() == _TYPE else _MARK
            parts += (shown[done:at], line)
            folds.append(Fold(at, len(line)))
            done, place = at + 1, place + 1
        return Unfolded("".join([*parts, shown[done:]]), shown, folds)

    def _line(self, style: QTextFormat) -> str:
        return self._kept[int(style.property(_NUMBER))]

    def _words(self, style: QTextFormat) -> str:
        line = self._line(style)
        begin = "".join(sign if sign.isprintable() else "·" for sign in line[:SHOWN])
        return tr("composer.folded", begin=begin, characters=f"{len(line):,}")

    def intrinsicSize(self, document: QTextDocument, _position: int, style: QTextFormat) -> QSizeF:
        """How large it is shown."""
        metrics = QFontMetricsF(document.defaultFont())
        width = metrics.horizontalAdvance(self._words(style)) + theme().px(12)
        return QSizeF(width, metrics.height())

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        _position: int,
        style: QTextFormat,
    ) -> None:
        """Show how it begins, and how long it is."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().colour("field_line"))
        painter.setBrush(theme().colour("hover"))
        frame = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme().px(4), theme().px(4))
        painter.setFont(document.defaultFont())
        painter.setPen(theme().colour("text"))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._words(style))
        painter.restore()
