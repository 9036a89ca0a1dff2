"""What a kit imports as `portside.kit`: the whole of it, and nothing else is promised.

Version 1. Names are added, never changed; `VERSION` says which there are.
"""

from __future__ import annotations

from app.frames.checksums import crc_hj212, find_checksum, fletcher16, sum8, sum16, xor8
from app.frames.client import Client, Stopped
from app.frames.escapes import escape, unescape
from app.frames.fields import Field, Look, Short
from app.frames.reading import (
    Item,
    Layout,
    Reader,
    bcd,
    bcd_moment,
    i8,
    i16,
    i32,
    i64,
    raw,
    u8,
    u16,
    u32,
    u64,
)

VERSION = 1

__all__ = [
    "VERSION",
    "Client",
    "Field",
    "Item",
    "Layout",
    "Look",
    "Reader",
    "Short",
    "Stopped",
    "bcd",
    "bcd_moment",
    "crc_hj212",
    "escape",
    "find_checksum",
    "fletcher16",
    "i8",
    "i16",
    "i32",
    "i64",
    "raw",
    "sum8",
    "sum16",
    "u8",
    "u16",
    "u32",
    "u64",
    "unescape",
    "xor8",
]
