"""Names of pupils: text from the network, so only what can be shown of it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_NAME = 24  # characters


def tidy(text: str, longest: int = LONGEST_NAME) -> str:
    """Return one line of at most `longest` characters that are to be seen.

    Control characters, marks that turn the direction of writing, and bytes that were no text are
    left out.
    """
    seen = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return " ".join(seen.split())[:longest].rstrip()


def namesakes(name: str) -> Iterator[str]:
    """Yield what pupils of one name are called, one after the other: `Wei`, `Wei (2)`, …"""
    yield name
    number = 2
    while True:
        yield f"{name} ({number})"
        number += 1
