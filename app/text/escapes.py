r"""Escapes in typed text: \r \n \t \0 \xNN \\.

The first four are characters, written in whatever encoding is chosen (in UTF-16 `\n` is two bytes);
`\xNN` is one byte, whatever the encoding.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, NamedTuple

# Many of a kind in a row are one piece: a text of a million escapes takes no longer than others.
_ESCAPES = re.compile(r"(?P<short>(?:\\[rnt0\\])+)|(?P<bytes>(?:\\x[0-9A-Fa-f]{2})+)")
_MEANINGS = str.maketrans({"r": "\r", "n": "\n", "t": "\t", "0": "\0"})


class EscapeFault(ValueError):
    """A backslash that begins no known escape."""

    def __init__(self, position: int, length: int, fragment: str) -> None:
        super().__init__(f"{fragment!a} at {position}")
        self.position = position  # of the backslash, in characters
        self.length = length
        self.fragment = fragment  # from the backslash on, as far as the escape was tried


class Piece(NamedTuple):
    """A part of the typed text and what it means."""

    position: int  # where it begins in the typed text, in characters
    value: str | bytes
    typed: bool  # True: stands there as it is; False: was an escape, or several in a row


def parse_pieces(text: str) -> list[Piece]:
    """Split typed text into plain stretches and escapes. Raises EscapeFault."""
    pieces: list[Piece] = []
    end = 0
    while (start := text.find("\\", end)) >= 0:
        if start > end:
            pieces.append(Piece(end, text[end:start], typed=True))
        escapes = _ESCAPES.match(text, start)
        if escapes is None:
            raise _fault(text, start)
        short, end = escapes["short"], escapes.end()
        value = short[1::2].translate(_MEANINGS) if short else bytes.fromhex(_digits(escapes))
        pieces.append(Piece(start, value, typed=False))
    if end < len(text):
        pieces.append(Piece(end, text[end:], typed=True))
    return pieces


def _digits(escapes: re.Match[str]) -> str:
    return escapes["bytes"].replace("\\x", "")


def _fault(text: str, start: int) -> EscapeFault:
    length = 4 if text[start + 1 : start + 2] == "x" else 2
    fragment = text[start : start + length]
    return EscapeFault(start, len(fragment), fragment)


def parse_escapes(text: str) -> list[str | bytes]:
    """Return what typed text means: characters and raw bytes, alternating where they can.

    Raises EscapeFault at the first bad escape.
    """
    result: list[str | bytes] = []
    for is_raw, pieces in groupby(parse_pieces(text), lambda piece: isinstance(piece.value, bytes)):
        values: list[Any] = [piece.value for piece in pieces]
        result.append((b"" if is_raw else "").join(values))
    return result
