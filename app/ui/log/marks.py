"""Where a row holds what is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from app.journal.needle import Needle
from app.models.log_row import LogRow
from app.text.decoder import decode

_Text = TypeVar("_Text", str, bytes)


class Marks:
    """Finds the needle again in what a row shows. A match that spans chunks is not marked."""

    def __init__(self, needle: Needle | None = None) -> None:
        self._needle = needle
        self._texts: dict[str, str] = {}  # by encoding
        self._patterns: dict[str, bytes] = {}

    def in_text(self, row: LogRow) -> list[tuple[int, int]]:
        """Return start and end of every match in `row.text`."""
        if self._needle is None or not row.is_chunk:
            return []
        wanted = self._texts.get(row.encoding)
        if wanted is None:
            needle = self._needle
            wanted = self._texts[row.encoding] = needle.text or decode(needle.data, row.encoding)
        return list(_places(row.text, wanted))

    def in_bytes(self, row: LogRow) -> list[tuple[int, int]]:
        """Return start and end of every match in `row.data`."""
        if self._needle is None or not row.is_chunk:
            return []
        wanted = self._patterns.get(row.encoding)
        if wanted is None:
            found = self._needle.pattern(row.encoding)
            wanted = self._patterns[row.encoding] = found or b""
        return list(_places(row.data, wanted))


def _places(whole: _Text, part: _Text) -> Iterator[tuple[int, int]]:
    start = whole.find(part) if part else -1
    while start >= 0:
        yield start, start + len(part)
        start = whole.find(part, start + len(part))
