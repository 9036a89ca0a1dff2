"""What the typed text would send, or what is wrong with it. No Qt in here."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from app.text.compose import ComposeFault, ComposeOptions, LineEnding, checksum_of, compose
from app.text.hexa import format_hex

_LINE_END = re.compile("\r\n|[\r\n]")
_NAMES = {"\r\n": "CR LF", "\r": "CR", "\n": "LF"}
_LITERAL_ESCAPE = re.compile(r"\\(?:[rnt0]|x[0-9A-Fa-f]{2})")


class Check(NamedTuple):
    """The outcome for all the encodings in which a text may be sent."""

    least_bytes: int
    most_bytes: int  # differs where clients of different encodings are meant
    fault: ComposeFault | None  # the first one; "empty" is none
    line_ends: str = ""  # that were pasted and go out as they are, where they are not plain LF
    literal: str = ""  # the first escape that goes out as the characters it is typed with
    checksum: str = ""  # that is put in, in hex; "" also where encodings differ


def check(text: str, options: ComposeOptions, encodings: Collection[str]) -> Check:
    """Compose `text` in each of `encodings` (names) and measure; nothing is sent."""
    sizes: list[int] = []
    checksums: set[bytes] = set()
    for name in sorted(encodings):
        try:
            read = replace(options, encoding=name)
            sizes.append(len(compose(text, read)))
            checksums.add(checksum_of(text, read))
        except ComposeFault as fault:
            if fault.kind != "empty":
                return Check(0, 0, fault)
    sizes = sizes or [0]
    checksum = format_hex(checksums.pop()) if len(checksums) == 1 else ""
    return Check(min(sizes), max(sizes), None, *_unexpected(text, options), checksum)


def _unexpected(text: str, options: ComposeOptions) -> tuple[str, str]:
    """Name the line ends and the first escape in `text` that might go out otherwise than expected.

    Those that cannot be seen in the text field, or that look like something else.
    """
    if options.mode != "text":
        return "", ""
    ends: list[str] = []
    if options.line_ending is LineEnding.NONE and "\r" in text:
        ends = [_NAMES[end] for end in dict.fromkeys(_LINE_END.findall(text))]
    literal = None if options.escapes else _LITERAL_ESCAPE.search(text)
    return ", ".join(ends), literal.group() if literal else ""


def is_half_typed(fault: ComposeFault, text: str) -> bool:
    """Whether the fault is only that the user has not typed on: `4` of `41`, `\\` of `\\n`."""
    return fault.kind in ("odd_hex", "bad_escape") and fault.position + fault.length >= len(text)
