"""Checksums: one catalogue of all algorithms, by name.

CRCs come from `anycrc` (the catalogue of reveng.sourceforge.io, and any Rocksoft parameters);
what is no CRC of the catalogue is written here: sums, xor, LRC, Fletcher, HJ 212's own.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, reduce
from operator import xor
from typing import Any

import anycrc

_MODELS: dict[str, Any] = anycrc.models


class UnknownChecksum(ValueError):
    """No algorithm has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Checksum:
    """An algorithm: its name, its width, and what it makes of bytes."""

    name: str  # as it is written: `crc16-modbus`
    title: str  # as it is shown: CRC-16/MODBUS
    size: int  # bytes of the result
    of: Callable[[bytes], int]

    def bytes_of(self, data: bytes, order: str = "big") -> bytes:
        """Return the checksum of `data` as `size` bytes; `order` is "big" or "little"."""
        return self.of(data).to_bytes(self.size, "little" if order == "little" else "big")


def sum8(data: bytes) -> int:
    """The sum of the bytes, modulo 256."""
    return sum(data) & 0xFF


def sum16(data: bytes) -> int:
    """The sum of the bytes, modulo 65,536."""
    return sum(data) & 0xFFFF


def negated_sum8(data: bytes) -> int:
    """What makes the sum of all bytes 0 modulo 256; Modbus ASCII calls it LRC."""
    return -sum(data) & 0xFF


def inverted_sum8(data: bytes) -> int:
    """The sum's complement: 255 minus it."""
    return ~sum(data) & 0xFF


# Blocks this size are folded by one big-integer xor: ten times the speed of a loop over bytes.
_FOLD = 64


def xor8(data: bytes) -> int:
    """All bytes xored: BCC, and the check of JT/T 808 and GB/T 32960."""
    if len(data) < 2 * _FOLD:
        return reduce(xor, data, 0)
    whole = len(data) - len(data) % _FOLD
    folded = 0
    for at in range(0, whole, _FOLD):
        folded ^= int.from_bytes(data[at : at + _FOLD], "big")
    return reduce(xor, folded.to_bytes(_FOLD, "big") + data[whole:])


def fletcher16(data: bytes) -> int:
    """Fletcher's checksum of bytes modulo 255: the second sum above the first."""
    low = high = 0
    for byte in data:
        low = (low + byte) % 255
        high = (high + low) % 255
    return high << 8 | low


def crc_hj212(data: bytes) -> int:
    """HJ 212's own CRC (HJ 212-2017, annex A): `123456789` gives 2F80.

    Before each byte is xored in, the register is shifted by eight, and its low byte is lost: no
    CRC of the catalogue does that.
    """
    register = 0xFFFF
    for byte in data:
        register = _HJ212[register >> 8 ^ byte]
    return register


def _hj212_row(register: int) -> int:
    for _ in range(8):
        register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register


_HJ212 = tuple(_hj212_row(byte) for byte in range(256))

OWN = (
    Checksum("sum8", "Sum 8", 1, sum8),
    Checksum("sum16", "Sum 16", 2, sum16),
    Checksum("negsum8", "LRC, −sum 8", 1, negated_sum8),
    Checksum("invsum8", "~sum 8", 1, inverted_sum8),
    Checksum("xor8", "XOR 8, BCC", 1, xor8),
    Checksum("fletcher16", "Fletcher 16", 2, fletcher16),
    Checksum("crc16-hj212", "CRC HJ 212", 2, crc_hj212),
    Checksum("adler32", "Adler 32", 4, zlib.adler32),
)


@cache
def catalogue() -> dict[str, Checksum]:
    """Return every algorithm by its name: our own first, then the CRCs of the catalogue."""
    found = {checksum.name: checksum for checksum in OWN}
    for title, model in _MODELS.items():
        name = title.lower().replace("/", "-")
        size = (int(model.width) + 7) // 8
        found[name] = Checksum(name, _shown(title), size, _crc(title))
    return found


def _shown(title: str) -> str:
    width, _, rest = title.partition("-")
    return f"CRC-{width.removeprefix('CRC')}/{rest}" if width.startswith("CRC") else title


def _crc(title: str) -> Callable[[bytes], int]:
    def of(data: bytes) -> int:
        return int(_model(title).calc(data))

    return of


@cache
def _model(title: str) -> Any:
    return anycrc.Model(title)


def find_checksum(name: str) -> Checksum:
    """Return the algorithm of this name. Raises UnknownChecksum."""
    found = catalogue().get(name.lower().replace("/", "-").replace(" ", ""))
    if found is None:
        raise UnknownChecksum(name)
    return found
