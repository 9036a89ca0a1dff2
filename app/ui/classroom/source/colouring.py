"""Colours for Python, found by Python's own tokenizer once for a whole text."""

from __future__ import annotations

import io
import keyword
import tokenize
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app.text.utf16 import utf16_units
from app.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = {
    tokenize.STRING: "code_string",
    tokenize.NUMBER: "code_number",
    tokenize.COMMENT: "code_comment",
}
_BEFORE_A_NAME = ("def", "class")


class Span(NamedTuple):
    """A part of a line, in UTF-16 units as Qt counts, and the token of its colour."""

    begin: int
    length: int
    token: str


def spans(source: str) -> dict[int, list[Span]]:
    """Return what is coloured in each line, counted from 0. Raises SyntaxError, TokenError."""
    return _coloured(source.split("\n"), list(_tokens(source)))


def spans_so_far(source: str) -> dict[int, list[Span]]:
    """Return the same for a text that is being typed: behind a fault, line by line."""
    lines, tokens = source.split("\n"), []
    try:
        for token in _tokens(source):
            tokens.append(token)  # noqa: PERF402 - those before the fault are wanted
    except (SyntaxError, tokenize.TokenError):
        pass
    else:
        return _coloured(lines, tokens)
    found = _coloured(lines, tokens)
    done = tokens[-1].end[0] if tokens else 0
    for row in range(done, len(lines)):
        bare = lines[row].lstrip()
        left = utf16_units(lines[row][: len(lines[row]) - len(bare)])
        try:
            alone = spans(bare).get(0, [])
        except (SyntaxError, tokenize.TokenError):
            continue
        found[row] = [Span(left + span.begin, span.length, span.token) for span in alone]
    return found


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(source).readline)


def _coloured(lines: list[str], tokens: list[tokenize.TokenInfo]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for before, token in pairwise([*tokens[:1], *tokens]):
        colour = _colour(token, before)
        if colour:
            (first, begin), (last, end) = token.start, token.end
            for row in range(first - 1, last):
                line = lines[row]
                left = utf16_units(line[:begin]) if row == first - 1 else 0
                right = utf16_units(line[:end]) if row == last - 1 else utf16_units(line)
                found.setdefault(row, []).append(Span(left, right - left, colour))
    return found


def _colour(token: tokenize.TokenInfo, before: tokenize.TokenInfo) -> str:
    if token.type != tokenize.NAME:
        # From Python 3.12 on, an f-string is several tokens.
        name = tokenize.tok_name[token.type]
        return "code_string" if name.startswith("FSTRING") else _KINDS.get(token.type, "")
    if keyword.iskeyword(token.string):
        return "code_keyword"
    return "code_name" if before.string in _BEFORE_A_NAME else ""


class PythonColours(QSyntaxHighlighter):
    """Colours a document that holds one source. GUI thread."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._spans: dict[int, list[Span]] = {}

    def set_source(self, source: str) -> None:
        """The document is about to hold this text."""
        self._spans = spans(source)

    def follow(self, source: str) -> None:
        """The document holds this text now: colour anew the lines whose colours are others."""
        before, self._spans = self._spans, spans_so_far(source)
        for row in sorted(before.keys() | self._spans.keys()):
            if before.get(row, []) != self._spans.get(row, []):
                self.rehighlightBlock(self.document().findBlockByNumber(row))

    def code_length(self, line: int, text: str) -> int:
        """Return how long a line, counted from 0, is without a comment at its end."""
        last = self._spans.get(line, [Span(0, 0, "")])[-1]
        code = text[: last.begin].rstrip()
        return len(code) if code and last.token == "code_comment" else len(text)

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        for begin, length, token in self._spans.get(self.currentBlock().blockNumber(), ()):
            style = QTextCharFormat()
            style.setForeground(theme().colour(token))
            self.setFormat(begin, length, style)
