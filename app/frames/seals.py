"""A checksum put into a message: one notation everywhere, and the search for an unknown one.

``crc16-modbus(0,-1) L @end`` reads: the algorithm; its range, first and last byte, from the end
where negative; the byte order, B or L; the place, ``@end`` or ``@N`` (from the end where negative);
``hex`` or ``HEX`` writes it as digits. All but the name may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.frames.checksums import OWN, UnknownChecksum, catalogue, find_checksum

_FORM = re.compile(r"(?P<name>[^\s()@]+)\s*(?:\((?P<range>[^()]*)\))?\s*(?P<rest>.*)", re.DOTALL)
_NUMBER = re.compile(r"-?\d{1,6}")


class SealFault(ValueError):
    """A checksum that is written wrongly. `case`: empty, unknown_checksum, bad_range, bad_word."""

    def __init__(self, case: str, part: str) -> None:
        super().__init__(f"{case}: {part}")
        self.case = case
        self.part = part


@dataclass(frozen=True, slots=True)
class Seal:
    """Which checksum, over what, and where it goes."""

    name: str  # of the catalogue
    first: int = 0
    last: int = -1
    order: str = "big"
    at: int | None = None  # None: behind everything
    digits: str = ""  # "hex", "HEX": as text

    def __str__(self) -> str:
        words = [f"{self.name}({self.first},{self.last})"]
        if find_checksum(self.name).size > 1:
            words.append("L" if self.order == "little" else "B")
        words.append("@end" if self.at is None else f"@{self.at}")
        return " ".join([*words, self.digits] if self.digits else words)

    @property
    def size(self) -> int:
        """How many bytes it adds."""
        return find_checksum(self.name).size * (2 if self.digits else 1)

    def of(self, data: bytes) -> bytes:
        """Return the checksum of a message without it."""
        covered = data[self.first :] if self.last == -1 else data[self.first : self.last + 1]
        value = find_checksum(self.name).bytes_of(covered, self.order)
        if not self.digits:
            return value
        shown = value.hex()
        return (shown if self.digits == "hex" else shown.upper()).encode()

    def put(self, data: bytes) -> bytes:
        """Return the message with its checksum."""
        at = len(data) if self.at is None else self.at
        return data[:at] + self.of(data) + data[at:]

    def fits(self, message: bytes) -> bool:
        """Whether the message carries the checksum that `put` would have given it."""
        size = self.size
        end = len(message) if self.at is None else self.at + (size if self.at >= 0 else 0)
        end = end if end >= 0 else len(message) + end
        if not size <= end <= len(message):
            return False
        bare = message[: end - size] + message[end:]
        return message[end - size : end] == self.of(bare)


def read_seal(text: str) -> Seal:
    """Read the notation. Raises SealFault."""
    form = _FORM.fullmatch(text.strip())
    if form is None:
        raise SealFault("empty", text.strip())
    try:
        seal = Seal(find_checksum(form["name"]).name)
    except UnknownChecksum as error:
        raise SealFault("unknown_checksum", error.name) from None
    if form["range"] is not None:
        ends = [part.strip() for part in form["range"].split(",")]
        if len(ends) != 2 or not all(_NUMBER.fullmatch(end) for end in ends):
            raise SealFault("bad_range", form["range"])
        seal = replace(seal, first=int(ends[0]), last=int(ends[1]))
    for word in form["rest"].split():
        seal = _with_word(seal, word)
    return seal


def _with_word(seal: Seal, word: str) -> Seal:
    if word in ("B", "L"):
        return replace(seal, order="little" if word == "L" else "big")
    if word in ("hex", "HEX"):
        return replace(seal, digits=word)
    if word == "@end":
        return replace(seal, at=None)
    if word.startswith("@") and _NUMBER.fullmatch(word[1:]):
        return replace(seal, at=int(word[1:]))
    raise SealFault("bad_word", word)


# -- which checksum is this? ---------------------------------------------------------------------

_MOST_BYTES = 65_536
_NARROW = tuple(f"crc{bits}-" for bits in range(1, 8))  # right by chance far too often
_STARTS = 9  # heads of up to eight bytes are left out of many ranges
_TAILS = 3  # and up to two bytes follow: a mark, a line ending
_WELL_KNOWN = (
    *("crc16-modbus", "crc16-xmodem", "crc16-ibm-3740", "crc32-iso-hdlc", "sum8", "xor8"),
    *("crc16-hj212", "crc16-arc", "crc16-kermit", "crc8-smbus", "sum16", "negsum8"),
)
_RANK = {name: rank for rank, name in enumerate((*_WELL_KNOWN, *(own.name for own in OWN)))}


def find_seals(message: bytes, most: int = 20) -> list[Seal]:
    """Return which checksums the end of a message carries: the likeliest first.

    All algorithms, orders and ranges are tried, as bytes and as digits. A checksum of one byte is
    right by chance once in 256 tries: such hits come last.
    """
    if len(message) > _MOST_BYTES:
        return []
    found = list(dict.fromkeys(_hits(message)))
    found.sort(key=_likelihood)
    return found[:most]


def _likelihood(seal: Seal) -> tuple[int, int, int, int, str]:
    tail = -seal.at if seal.at is not None else 0
    known = _RANK.get(seal.name, len(_RANK))
    return (-seal.size, known >= len(_WELL_KNOWN), seal.first + tail, known, seal.name)


def _hits(message: bytes) -> Iterator[Seal]:
    for tail in range(min(_TAILS, len(message))):
        rest = message[: len(message) - tail]
        for digits in ("", "HEX", "hex"):
            yield from _hits_before(rest, tail, digits)


def _hits_before(rest: bytes, tail: int, digits: str) -> Iterator[Seal]:
    for checksum in catalogue().values():
        if checksum.name.startswith(_NARROW):
            continue
        size = checksum.size * (2 if digits else 1)
        body, there = rest[:-size], rest[len(rest) - size :]
        if not body or len(rest) <= size:
            continue
        if digits:
            try:
                shown = there.decode("ascii")
                value = bytes.fromhex(shown)
            except ValueError:
                continue
            if shown != (shown.upper() if digits == "HEX" else shown.lower()):
                continue
            if digits == "hex" and shown == shown.upper():
                continue  # digits alone: said already
        else:
            value = there
        for first in range(min(_STARTS, len(body))):
            got = checksum.of(body[first:])
            for order in ("big", "little") if checksum.size > 1 else ("big",):
                if value == got.to_bytes(checksum.size, "little" if order == "little" else "big"):
                    last = -1 - tail
                    yield Seal(checksum.name, first, last, order, -tail if tail else None, digits)
