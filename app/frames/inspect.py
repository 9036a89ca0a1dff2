"""Some bytes read in every way that is usual: what a field may be that no kit names."""

from __future__ import annotations

import struct
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from app.frames.reading import bcd_moment

_MOST = 8  # bytes of a number
_FLOATS = {2: "e", 4: "f", 8: "d"}
# Seconds, or milliseconds, that are a moment somebody may mean: 2000 to 2100.
_FIRST_S, _LAST_S = 946_684_800, 4_102_444_800


class Sense(NamedTuple):
    """One way to read bytes: its name, as catalogues know it, and what they are then."""

    name: str
    order: str  # "big", "little", "swapped" (words of 2 bytes the other way round), "" for neither
    text: str


def senses(data: bytes) -> list[Sense]:
    """Return what these bytes are as numbers, BCD and moments."""
    size = len(data)
    if not data:
        return []
    found: list[Sense] = []
    if size <= _MOST:
        for order, turned in _orders(data):
            found += _numbers(turned, order)
        if size <= 2:
            found.append(Sense("bits", "", " ".join(f"{byte:08b}" for byte in data)))
    digits = data.hex()
    if size <= 32 and digits.isdecimal():
        found.append(Sense("bcd", "", digits))
    return found + _moments(data)


def _orders(data: bytes) -> list[tuple[str, bytes]]:
    if len(data) == 1:
        return [("", data)]
    orders = [("big", data), ("little", data[::-1])]
    if len(data) == 4:
        orders.append(("swapped", data[2:] + data[:2]))
    return orders


def _numbers(data: bytes, order: str) -> list[Sense]:
    """Read bytes whose highest comes first."""
    unsigned = int.from_bytes(data, "big")
    signed = int.from_bytes(data, "big", signed=True)
    found = [Sense("unsigned", order, f"{unsigned:,}")]
    if signed != unsigned:
        found.append(Sense("signed", order, f"{signed:,}"))
    if len(data) in _FLOATS:
        (value,) = struct.unpack(f">{_FLOATS[len(data)]}", data)
        found.append(Sense("float", order, f"{value:.9g}"))
    return found


def _moments(data: bytes) -> list[Sense]:
    found: list[Sense] = []
    for order, turned in _orders(data) if len(data) in (4, 8) else ():
        value = int.from_bytes(turned, "big")
        for name, unit in (("unix_s", 1), ("unix_ms", 1000)):
            if order != "swapped" and _FIRST_S <= value // unit < _LAST_S:
                moment = datetime.fromtimestamp(value / unit, UTC)
                found.append(Sense(name, order, f"{moment:%Y-%m-%d %H:%M:%S} UTC"))
    if len(data) == 6:
        with suppress(ValueError):
            found.append(Sense("bcd_time", "", str(bcd_moment(data))))
    return found
