"""Whose number it is: every journal numbers its clients and its entries from 1.

What leaves a table, a log, a call or a target is a reference, never a bare number: so a row of an
old journal can't be taken for the live client that happens to have the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class JournalKey:
    """One opening of one journal: another opening, even of the same file, has another key."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path


@dataclass(frozen=True, slots=True)
class ClientRef:
    """A client of a journal."""

    journal: JournalKey
    number: int


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An entry of a journal."""

    journal: JournalKey
    number: int
