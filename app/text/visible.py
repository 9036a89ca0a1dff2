"""Making every character visible, and none of them effective.

What a client sends may hold control characters, undecodable bytes, and characters that reorder or
hide the text around them. `runs` sorts them out for painting, `escaped` for copying and exporting.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import NamedTuple


class RunKind(Enum):
    """How a run is painted."""

    TEXT = "text"  # as it is
    CONTROL = "control"  # a framed tag with the control character's name
    BAD = "bad"  # undecodable bytes, as \xNN
    BIDI = "bidi"  # a framed tag with the code point of an invisible or reordering character


class Run(NamedTuple):
    """A stretch of text that is painted in one way."""

    kind: RunKind
    text: str  # what to paint, always printable


_C0_NAMES = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL"),
    *("BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB"),
    *("CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)

# Invisible characters: joiners, marks and overrides of direction, line and paragraph separators,
# fillers, annotations, tags (Unicode 15.0, categories Cf, Zl and Zp, and the Hangul fillers), and
# the lone surrogates that stand for no byte. Variation selectors stay: many emoji carry one.
_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f\ud800-\udbff\udd00-\udfff"
)
_NOT_PLAIN = rf"\x00-\x1f\x7f-\x9f\udc00-\udcff{_HIDDEN}"
_ANY_SPECIAL = rf"[{_NOT_PLAIN}]"  # three times as fast as trying the three kinds
_TO_ESCAPE = rf"[\\{_NOT_PLAIN}]"
_SPECIAL = rf"(?P<BAD>[\udc00-\udcff]+)|(?P<CONTROL>[\x00-\x1f\x7f-\x9f])|(?P<BIDI>[{_HIDDEN}])"
_pattern = cache(re.compile)  # when it is needed, not at the start: 2 ms
_SHORT_ESCAPES = {"\\": "\\\\", "\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": "\\0"}


def runs(decoded: str) -> list[Run]:
    """Split decoded text into runs.

    There is one run for each control or invisible character (CR LF makes two), one for each longest
    stretch of undecodable bytes, and one for each longest stretch of anything else.
    """
    if not _pattern(_ANY_SPECIAL).search(decoded):
        return [Run(RunKind.TEXT, decoded)] if decoded else []
    result: list[Run] = []
    end = 0
    for match in _pattern(_SPECIAL).finditer(decoded):
        if match.start() > end:
            result.append(Run(RunKind.TEXT, decoded[end : match.start()]))
        kind = RunKind[match.lastgroup or ""]
        result.append(Run(kind, _painted(kind, match.group())))
        end = match.end()
    if end < len(decoded):
        result.append(Run(RunKind.TEXT, decoded[end:]))
    return result


def _painted(kind: RunKind, characters: str) -> str:
    if kind is RunKind.BAD:
        return "".join([f"\\x{ord(c) & 0xFF:02X}" for c in characters])
    code = ord(characters)
    if code < 0x20:
        return _C0_NAMES[code]
    return "DEL" if code == 0x7F else f"U+{code:04X}"


def escaped(decoded: str) -> str:
    r"""Return decoded text as one line of harmless plain text.

    `\r \n \t \0` and `\\` stand for themselves, `\xNN` for an undecodable byte and for any other
    control character below 0x80; typed with escapes switched on, they give the same bytes again
    (in UTF-16 only undecodable bytes do, because `\xNN` is one byte). Invisible characters and the
    controls from U+0080 are `\uNNNN` or `\UNNNNNNNN`, which are for reading only.
    """
    return _pattern(_TO_ESCAPE).sub(_escape, decoded)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    short = _SHORT_ESCAPES.get(character)
    if short is not None:
        return short
    code = ord(character)
    if code < 0x80 or 0xDC00 <= code <= 0xDCFF:
        return f"\\x{code & 0xFF:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
