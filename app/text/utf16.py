"""Where a character stands for Qt, which counts UTF-16 units."""

from __future__ import annotations


def utf16_units(text: str) -> int:
    """How many UTF-16 units `text` has: one for each character, two above U+FFFF."""
    return len(text) + sum(character > "\uffff" for character in text)
