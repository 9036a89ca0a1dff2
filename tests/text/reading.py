"""Undoing a decoding: whether a text stands for just these bytes."""

from __future__ import annotations

from app.text.decoder import decode, encode


def is_reading_of(text: str, data: bytes, encoding: str) -> bool:
    """Whether each character stands for the bytes at its place, and bad bytes for themselves.

    In Microsoft's Big5 and Shift_JIS some pairs of bytes mean the same character as others.
    """
    at = 0
    for character in text:
        if "\udc00" <= character <= "\udcff":
            size, bad = 1, bytes([ord(character) - 0xDC00])
            same = data[at : at + 1] == bad
        else:
            size = len(encode(character, encoding))
            same = decode(data[at : at + size], encoding) == character
        if not same:
            return False
        at += size
    return at == len(data)
