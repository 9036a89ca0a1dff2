"""Hexadecimal: reading what people type and paste, and writing bytes for people."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

# What stands between bytes in lists and in source code. A Chinese input method types the full-width
# comma and semicolon where the plain ones were meant.
_TOKEN = re.compile(r"[^\s,，;；{}()\[\]\"]+")
_DIGIT = "[0-9A-Fa-f]"
_FORMS = re.compile(
    rf"""(?:0[xX])?(?P<pairs>(?:{_DIGIT}{{2}})+)
    | 0[xX](?P<one>{_DIGIT})
    | (?P<joined>(?:{_DIGIT}{{2}})+(?P<by>[:-])(?:{_DIGIT}{{2}})+(?:(?P=by)(?:{_DIGIT}{{2}})+)*)
    | (?P<escaped>(?:\\x{_DIGIT}{{2}})+)
    | (?P<suffixed>(?:(?:0?{_DIGIT}{{2}}|{_DIGIT})[hH])+)""",
    re.VERBOSE,
)
_ANY = re.compile(r"[:-]?(?:0[xX]|\\x)?[?？]{2}[hH]?[:-]?")  # one byte, whichever
_PREFIX = re.compile(r"0[xX]|\\x")
_SUFFIXED = re.compile(rf"0?({_DIGIT}{{1,2}})[hH]")
_DIGITS = re.compile(rf"{_DIGIT}+")
_JOINT = re.compile(r"\\x|[:-]")
_STRANGE = re.compile(r"(?:(?!\\x|(?<=\\)x)[^0-9A-Fa-f:-])+")

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
    r"""Return the bytes that `text` spells, as lists, dumps and source code write them.

    Groups of digit pairs, each perhaps after `0x`, stand apart by any white space, commas,
    semicolons, brackets and double quotes; or `01:03`, `01-03`, `\x01\x03`, `01h 03h`. A single
    digit is a byte only where a prefix or suffix says so (`0x1`, `1h`), and is refused elsewhere
    rather than guessed at. Raises HexFault at the first fault.
    """
    try:
        return bytes.fromhex(text)  # pairs and white space: a hundred times as fast
    except ValueError:
        return b"".join([_bytes_of(token) for token in _TOKEN.finditer(text)])


def parse_hex_parts(text: str) -> list[bytes | None]:
    """Return the bytes that `text` spells as `parse_hex` does, with None for each `??`.

    Raises HexFault.
    """
    parts: list[bytes | None] = []
    begin = 0
    for wild in _ANY.finditer(text):
        parts += [_parsed(text[begin : wild.start()], begin), None]
        begin = wild.end()
    return [part for part in [*parts, _parsed(text[begin:], begin)] if part != b""]


def _parsed(text: str, position: int) -> bytes:
    try:
        return parse_hex(text)
    except HexFault as fault:
        at = position + fault.position
        raise HexFault(at, fault.length, fault.fragment, fault.fault) from None


def _bytes_of(token: re.Match[str]) -> bytes:
    group = token.group()
    form = _FORMS.fullmatch(group)
    if form is None:
        raise _fault(group, token.start())
    if form["suffixed"]:
        return bytes([int(digits, 16) for digits in _SUFFIXED.findall(group)])
    if form["escaped"]:
        return bytes.fromhex(group.replace("\\x", ""))
    if form["joined"]:
        return bytes.fromhex(group.replace(form["by"], ""))
    return bytes.fromhex(form["pairs"] or f"0{form['one']}")


def _fault(group: str, position: int) -> HexFault:
    prefix = _PREFIX.match(group)
    begin = prefix.end() if prefix else 0
    strange = _STRANGE.search(group, begin)
    if strange is None:
        odd = next((d for d in _DIGITS.finditer(group, begin) if len(d.group()) % 2), None)
        joint = _JOINT.search(group, begin)
        if joint is None:
            return HexFault(position, len(group), group, HexProblem.ODD)
        strange = odd or joint
    at, fragment = strange.start(), strange.group()
    problem = HexProblem.ODD if _DIGITS.match(fragment) else HexProblem.BAD
    return HexFault(position + at, len(fragment), fragment, problem)


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
