"""Bytes that stand for others inside a frame, so that its marks stay unique."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def unescape(data: bytes, pairs: Mapping[bytes, int]) -> tuple[bytes, Sequence[int]]:
    """Undo a protocol's escapes; return the bytes and the place of each (and of the end).

    `pairs` maps two bytes to the one that they stand for. What is no such pair stays.
    """
    marks = {pair[:1] for pair in pairs}
    if not any(mark in data for mark in marks):
        return data, range(len(data) + 1)
    out = bytearray()
    places: list[int] = []
    at, length = 0, len(data)
    while at < length:
        places.append(at)
        byte = pairs.get(data[at : at + 2])
        if byte is None:
            out.append(data[at])
            at += 1
        else:
            out.append(byte)
            at += 2
    places.append(length)
    return bytes(out), places


def escape(data: bytes, pairs: Mapping[bytes, int]) -> bytes:
    """Do what `unescape` undoes."""
    back = {byte: pair for pair, byte in pairs.items()}
    return b"".join(back.get(byte, bytes((byte,))) for byte in data)
