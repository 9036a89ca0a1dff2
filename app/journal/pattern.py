"""Bytes to look for: all of them known, some of them any, or some of them one of a few.

A byte of a letter without regard to case is one of a few: those are made one byte, in the pattern
and in what is looked through. That finds too much where a letter has several bytes, never too
little: who looks for text decodes what was found. No pattern, however it was typed, takes more
than a time that grows with the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.text.decoder import EncodeFault, encode

_ASCII_FOLD = bytes(range(256)).lower()

Piece = tuple[int, bytes]  # where it begins in the pattern, and its bytes


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A run of bytes of a known length. Any thread."""

    length: int
    pieces: tuple[Piece, ...]  # what is known; between them is any byte
    table: bytes = b""  # makes bytes that count as equal one, for `bytes.translate`

    @classmethod
    def of(cls, data: bytes) -> Pattern:
        """Look for these bytes as they are."""
        return cls(len(data), ((0, data),))

    @property
    def in_sql(self) -> bool:
        """Whether SQL can look for it: all bytes are known but for the case of ASCII letters."""
        is_ascii = not self.table or self.table.lower() == _ASCII_FOLD
        return is_ascii and len(self.pieces[0][1]) == self.length

    def places(self, data: bytes, cancelled: Callable[[], bool] = _never) -> Iterator[int]:
        """Yield where it is in `data` until `cancelled()`, ascending; places may overlap."""
        data = self._folded(data)
        offset, longest = max(self.pieces, key=lambda piece: len(piece[1]))
        others = [piece for piece in self.pieces if piece[0] != offset]
        start = data.find(longest, offset)
        end = len(data) - self.length + offset
        while 0 <= start <= end:
            at = start - offset
            if not others or all(data.startswith(piece, at + place) for place, piece in others):
                yield at
            elif cancelled():  # nearly a match at every place: that takes a while
                return
            start = data.find(longest, start + 1)

    def tails(self, data: bytes) -> list[int]:
        """Return the lengths of the ends of `data` with which it, unfinished, begins."""
        most = min(len(data), self.length - 1)
        end = self._folded(data[len(data) - most :])
        return [n for n in range(1, most + 1) if self._agrees(end[most - n :], 0)]

    def goes_on(self, done: int, data: bytes) -> bool:
        """Whether `data` agrees with what comes after its first `done` bytes, as far as it goes."""
        return self._agrees(self._folded(data[: self.length - done]), done)

    def _agrees(self, folded: bytes, skip: int) -> bool:
        for at, piece in self.pieces:
            low, high = max(at, skip), min(at + len(piece), skip + len(folded))
            if low < high and folded[low - skip : high - skip] != piece[low - at : high - at]:
                return False
        return True

    def _folded(self, data: bytes) -> bytes:
        return data.translate(self.table) if self.table else data


def fold(text: str) -> str:
    """Return `text` with its letters in lower case, character by character: none more, none less.

    Letters have a case wherever Unicode gives them one, full-width, Greek and Cyrillic ones too.
    """
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


def ignoring_case(text: str, encoding_name: str) -> Pattern:
    """Return what proposes `text` without regard to case. Raises EncodeFault.

    A letter whose other case is as long in this encoding is found in both; the few others
    (U+023A and U+2C65 in UTF-8) as they were typed.
    """
    table = bytearray(range(256))
    for character in set(text):
        own = encode(character, encoding_name)
        for other in {character.lower(), character.upper()} - {character}:
            for one, same in zip(own, _as_long(own, other, encoding_name), strict=True):
                table = table.replace(bytes([table[same]]), bytes([table[one]]))
    data = encode(text, encoding_name)
    if table == bytes(range(256)):
        return Pattern.of(data)
    return Pattern(len(data), ((0, data.translate(table)),), bytes(table))


def _as_long(own: bytes, other: str, encoding_name: str) -> bytes:
    """Return the bytes of the other case if they are as many; else the letter's own."""
    try:
        data = encode(other, encoding_name)
    except EncodeFault:
        return own
    return data if len(other) == 1 and len(data) == len(own) else own
