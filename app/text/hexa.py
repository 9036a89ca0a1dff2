"""Hexadecimal: reading what people type and paste, and writing bytes for people."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

# A Chinese input method types the full-width comma where the plain one was meant.
_TOKEN = re.compile(r"[^\s,，]+")
_BYTES = re.compile(r"(?:0[xX])?((?:[0-9A-Fa-f]{2})+)")
_PREFIX = re.compile(r"0[xX]")
_STRANGE = re.compile(r"[^0-9A-Fa-f]+")

_ASCII_COLUMN = bytes(b if 0x20 <= b < 0x7F else 0x2E for b in range(256))  # 0x2E: a dot


class HexProblem(StrEnum):
    """What is wrong with a piece of hex."""

    BAD = "bad"  # a character that is no hex digit
    ODD = "odd"  # a group with a digit too few or too many


class HexFault(ValueError):
    """Text that is not hex."""

    def __init__(self, position: int, length: int, fragment: str, fault: HexProblem) -> None:
        super().__init__(f"{fault}: {fragment!a} at {position}")
        self.position = position  # in characters
        self.length = length
        self.fragment = fragment  # the strange characters, or the whole odd group
        self.fault = fault


class DumpLine(NamedTuple):
    """One line of a hex dump."""

    offset: int  # of its first byte
    hex: str  # "48 65 6C", as many pairs as there are bytes
    ascii: str  # one character for each byte; a dot for what is not printable ASCII


def parse_hex(text: str) -> bytes:
    """Return the bytes that `text` spells.

    Groups of digit pairs, each perhaps after `0x`, stand apart by any white space and commas.
    A single digit is refused rather than guessed at. Raises HexFault at the first fault.
    """
    parts: list[bytes] = []
    for token in _TOKEN.finditer(text):
        good = _BYTES.fullmatch(token.group())
        if good is None:
            raise _fault(token)
        parts.append(bytes.fromhex(good.group(1)))
    return b"".join(parts)


def _fault(token: re.Match[str]) -> HexFault:
    group, position = token.group(), token.start()
    prefix = _PREFIX.match(group)
    strange = _STRANGE.search(group, prefix.end() if prefix else 0)
    if strange is None:
        return HexFault(position, len(group), group, HexProblem.ODD)
    fragment = strange.group()
    return HexFault(position + strange.start(), len(fragment), fragment, HexProblem.BAD)


def format_hex(data: bytes, sep: str = " ") -> str:
    """Return `data` in upper-case pairs with `sep` between them."""
    pairs = data.hex(" ").upper()
    return pairs if sep == " " else pairs.replace(" ", sep)


def hex_dump(data: bytes, start_offset: int = 0, width: int = 16) -> list[DumpLine]:
    """Return the lines of a hex dump, `width` bytes a line; the first byte is at `start_offset`."""
    lines = []
    for begin in range(0, len(data), width):
        part = data[begin : begin + width]
        shown = part.translate(_ASCII_COLUMN).decode("ascii")
        lines.append(DumpLine(start_offset + begin, format_hex(part), shown))
    return lines
