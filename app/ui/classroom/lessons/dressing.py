"""Markdown as a document in the theme's looks.

Qt reads the Markdown with HTML switched off, so tags are only text. Then the document is dressed:
room between the lines, frames around code, colours for links and for Python. Pictures are put back
into the words that stand for them: nothing that a file names is ever fetched.
"""

from __future__ import annotations

import tokenize
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
)

from app.ui.classroom.source.colouring import spans
from app.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QTextBlock

LINE_EM, CODE_LINE_EM = 1.65, 1.4  # from line to line, at least
BIGGER = 1.06  # than the window's type: this is read for minutes
_HEADINGS = {1: 1.5, 2: 1.2, 3: 1.08}  # how large the words of each level are
_FEATURES = QTextDocument.MarkdownFeature
_LEAST = int(QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
_FENCE = QTextFormat.Property.BlockCodeFence
_QUOTE = QTextFormat.Property.BlockQuoteLevel
_ALT = QTextFormat.Property.ImageAltText


class _Span(NamedTuple):
    begin: int
    end: int


def show_markdown(document: QTextDocument, markdown: str) -> None:
    """Replace what the document holds. GUI thread."""
    document.setUndoRedoEnabled(False)
    font = theme().ui_font()
    font.setPixelSize(round(font.pixelSize() * BIGGER))
    document.setDefaultFont(font)
    document.setDocumentMargin(theme().px(14))
    document.setIndentWidth(theme().px(26))
    document.setMarkdown(markdown, _FEATURES.MarkdownDialectGitHub | _FEATURES.MarkdownNoHTML)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    _put_pictures_into_words(document)
    _dress_words(document, font.pixelSize())
    _dress_blocks(document, font.pixelSize())
    _frame_code(document)
    _dress_tables(document)
    cursor.endEditBlock()


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _fragments(document: QTextDocument) -> list[tuple[_Span, QTextCharFormat]]:
    found = []
    for block in _blocks(document):
        place = block.begin()
        while not place.atEnd():
            fragment = place.fragment()
            begin = fragment.position()
            found.append((_Span(begin, begin + fragment.length()), fragment.charFormat()))
            place += 1
    return found


def _cursor(document: QTextDocument, span: _Span) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(span.begin)
    cursor.setPosition(span.end, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _put_pictures_into_words(document: QTextDocument) -> None:
    for span, style in reversed(_fragments(document)):
        if style.isImageFormat():
            words = str(style.property(_ALT) or "").strip()
            _cursor(document, span).insertText(f"[{words}]" if words else "", QTextCharFormat())


def _dress_words(document: QTextDocument, size_px: int) -> None:
    """Links, code between words, headings."""
    mono = theme().mono_font()
    for span, style in _fragments(document):
        block = document.findBlock(span.begin).blockFormat()
        level, in_frame = block.headingLevel(), block.hasProperty(_FENCE)
        change = QTextCharFormat()
        if in_frame or style.fontFixedPitch():
            change.setFontFamilies(list(mono.families()))
            if not in_frame and not level:
                change.setBackground(QBrush(theme().colour("hover")))
        if style.isAnchor():
            change.setForeground(QBrush(theme().colour("link")))
            change.setFontUnderline(True)
        if level:
            style.clearProperty(QTextFormat.Property.FontSizeAdjustment)
            pixels = round(size_px * _HEADINGS.get(level, 1.0))
            change.setProperty(QTextFormat.Property.FontPixelSize, pixels)
            change.setFontWeight(QFont.Weight.Bold)
        style.merge(change)
        _cursor(document, span).setCharFormat(style)


def _dress_blocks(document: QTextDocument, size_px: int) -> None:
    px = theme().px
    for block in _blocks(document):
        style = block.blockFormat()
        change = QTextBlockFormat()
        change.setLineHeight(size_px * LINE_EM, _LEAST)
        if style.headingLevel():
            change.setTopMargin(px(16) if block.blockNumber() else 0)
            change.setBottomMargin(px(6))
        elif block.textList() is not None:
            change.setTopMargin(px(2))
            change.setBottomMargin(px(2))
        elif style.hasProperty(_FENCE):
            change.setLineHeight(size_px * CODE_LINE_EM, _LEAST)
            change.setNonBreakableLines(False)
        elif style.hasProperty(_QUOTE):
            change.setLeftMargin(px(16) * max(int(style.property(_QUOTE) or 1), 1))
        else:
            change.setTopMargin(px(6))
            change.setBottomMargin(px(6))
        QTextCursor(block).mergeBlockFormat(change)


def _frame_code(document: QTextDocument) -> None:
    """Put each run of code lines into a frame of its own, from the last to the first."""
    px = theme().px
    look = QTextFrameFormat()
    look.setBackground(QBrush(theme().colour("window")))
    look.setBorder(1)
    look.setBorderBrush(QBrush(theme().colour("line")))
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setPadding(px(8))
    look.setTopMargin(px(6))
    look.setBottomMargin(px(6))
    for span, is_python in reversed(_code_runs(document)):
        if is_python:
            _colour_python(document, span)
        style = document.findBlock(span.begin).blockFormat()
        frame = _cursor(document, span).insertFrame(look)
        frame.firstCursorPosition().setBlockFormat(style)  # the frame has taken it away
        for position in (frame.firstPosition() - 1, frame.lastPosition() + 1):
            _flatten(document.findBlock(position))


def _flatten(block: QTextBlock) -> None:
    """Qt puts empty paragraphs around a frame: they take no room."""
    if block.isValid() and not block.text():
        flat = QTextBlockFormat()
        flat.setLineHeight(1.0, int(QTextBlockFormat.LineHeightTypes.FixedHeight.value))
        QTextCursor(block).setBlockFormat(flat)


def _code_runs(document: QTextDocument) -> list[tuple[_Span, bool]]:
    """Return where each run of code lines is, and whether it says that it is Python."""
    runs: list[tuple[_Span, bool]] = []
    before = -2
    for block in _blocks(document):
        style = block.blockFormat()
        if not style.hasProperty(_FENCE):
            continue
        end = block.position() + block.length() - 1
        if block.blockNumber() == before + 1:
            runs[-1] = _Span(runs[-1][0].begin, end), runs[-1][1]
        else:
            named = style.property(QTextFormat.Property.BlockCodeLanguage)
            runs.append((_Span(block.position(), end), named == "python"))
        before = block.blockNumber()
    return runs


def _colour_python(document: QTextDocument, run: _Span) -> None:
    source = _cursor(document, run).selectedText().replace("\u2029", "\n")
    try:
        coloured = spans(source)
    except (SyntaxError, tokenize.TokenError):  # a part of a program, or none
        return
    first = document.findBlock(run.begin).blockNumber()
    for line, found in coloured.items():
        begin = document.findBlockByNumber(first + line).position()
        for span in found:
            style = QTextCharFormat()
            style.setForeground(QBrush(theme().colour(span.token)))
            where = _Span(begin + span.begin, begin + span.begin + span.length)
            _cursor(document, where).mergeCharFormat(style)


def _dress_tables(document: QTextDocument) -> None:
    cell = QTextTableCellFormat()
    cell.setBorder(1)
    cell.setBorderBrush(QBrush(theme().colour("field_line")))
    cell.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            look = frame.format()
            look.setBorderCollapse(True)
            look.setBorder(0)
            look.setCellPadding(theme().px(5))
            look.setCellSpacing(0)
            look.setTopMargin(theme().px(8))
            look.setBottomMargin(theme().px(8))
            look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            frame.setFormat(look)
            for row in range(frame.rows()):
                for column in range(frame.columns()):
                    frame.cellAt(row, column).setFormat(cell)
