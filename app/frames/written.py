"""Framings as they are written, in the settings and on the command line.

==================================== ====================================================
none                                 chunks stay as they came
delimiter:0D0A                       a frame ends with these bytes; several: 0D0A|0A
delimiter:0D0A,escape=5C             … unless this byte stands before them
head:7E,tail:7E                      between two marks
fixed:32                             so many bytes each
length:offset=4,size=2               a length field, Netty's numbers: adjust=, order=little,
                                     decimal (digits, as HJ 212 writes it)
gap:20                               a pause of 20 ms between arrivals ends a frame
kit:jt808                            a protocol kit's own rule
==================================== ====================================================
"""

from __future__ import annotations

from collections.abc import Callable

from app.frames.framing import (
    GREATEST_BYTES,
    Delimiter,
    Fixed,
    Framing,
    FramingFault,
    Gap,
    HeadTail,
    KitFraming,
    LengthField,
    NoFraming,
    Split,
)

KitRule = Callable[[str], Split | None]


def read_framing(text: str, kit_rule: KitRule = lambda _name: None) -> Framing:
    """Read a framing as it is written. `kit_rule` finds a kit's rule. Raises FramingFault."""
    kind, _, rest = text.strip().partition(":")
    match kind.strip().lower():
        case "none" | "":
            return NoFraming()
        case "delimiter":
            return _delimiter(rest)
        case "head":
            return _head_tail(rest)
        case "fixed":
            return Fixed(_number("fixed", rest, 1, GREATEST_BYTES))
        case "length":
            return _length(rest)
        case "gap":
            return Gap(_number("gap", rest, 1, 60_000))
        case "kit":
            rule = kit_rule(rest.strip())
            if rule is None:
                raise FramingFault("no_kit", rest.strip())
            return KitFraming(rest.strip(), rule)
    raise FramingFault("unknown", kind)


def _delimiter(rest: str) -> Delimiter:
    marks, *options = rest.split(",")
    escape = None
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() != "escape" or len(_bytes("escape", value)) != 1:
            raise FramingFault("unknown_part", option.strip())
        escape = _bytes("escape", value)[0]
    return Delimiter(tuple(_bytes("delimiter", mark) for mark in marks.split("|")), escape)


def _head_tail(rest: str) -> HeadTail:
    head, comma, tail = rest.partition(",")
    name, _, value = tail.partition(":")
    if not comma or name.strip() != "tail":
        raise FramingFault("no_tail", rest)
    return HeadTail(_bytes("head", head), _bytes("tail", value))


def _length(rest: str) -> LengthField:
    found: dict[str, int] = {}
    order, decimal = "big", False
    limits = {"offset": (0, 1024), "size": (1, 8), "adjust": (-GREATEST_BYTES, GREATEST_BYTES)}
    for part in filter(None, (part.strip() for part in rest.split(","))):
        name, _, value = (word.strip() for word in part.partition("="))
        if part == "decimal":
            decimal = True
        elif name == "order" and value in ("big", "little"):
            order = value
        elif name in limits:
            found[name] = _number(name, value, *limits[name])
        else:
            raise FramingFault("unknown_part", part)
    return LengthField(**found, order=order, decimal=decimal)


def _bytes(part: str, text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        raise FramingFault("no_hex", f"{part}:{text.strip()}") from None
    if not found:
        raise FramingFault("empty", part)
    return found


def _number(part: str, text: str, low: int, high: int) -> int:
    words = text.strip()
    digits = words.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise FramingFault("no_number", f"{part}={words}")
    value = int(words)
    if not low <= value <= high:
        raise FramingFault("out_of_range", f"{part}={words} ({low}…{high})")
    return value
