"""What the console makes of entries: lines for people, objects for programs, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.evidence.jsonl import JsonLines
from app.evidence.source import Source
from app.journal.entry import Entry

if TYPE_CHECKING:
    from app.arguments import ConsoleWish


class Face(Protocol):
    """Makes lines of entries in their order. The reader's thread."""

    def lines(self, entry: Entry) -> list[str]:
        """Return the lines that this entry completes."""

    def overdue(self, mono_ns: int) -> list[str]:
        """Return the lines of what has waited too long for its rest."""

    def end(self) -> list[str]:
        """Return the lines of all that was held back: there are no more entries."""

    @property
    def patience_s(self) -> float | None:
        """How long to wait, s, before asking for what is `overdue`; None: nothing waits."""


class _Prompt:
    """A face that holds nothing back."""

    patience_s = None

    def overdue(self, mono_ns: int) -> list[str]:
        """Nothing waits."""
        return []

    def end(self) -> list[str]:
        """Nothing was held back."""
        return []


class JsonFace(_Prompt):
    """One object a line, as an export has them."""

    def __init__(self, source: Source) -> None:
        self._json = JsonLines(source)

    def lines(self, entry: Entry) -> list[str]:
        """Return the entry's object."""
        return [self._json.of([entry]).removesuffix("\n")]


class QuietFace(_Prompt):
    """Says nothing."""

    def lines(self, entry: Entry) -> list[str]:
        """Return nothing."""
        return []


def chosen_face(wish: ConsoleWish, lines: Face, source: Source) -> Face:
    """Return the face that a script wants, or `lines`."""
    if wish.json:
        return JsonFace(source)
    return QuietFace() if wish.quiet else lines
