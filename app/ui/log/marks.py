"""Where a row holds what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.decoder import decode

if TYPE_CHECKING:
    from app.journal.needle import Needle
    from app.journal.pattern import Pattern
    from app.models.log_row import LogRow


class Marks:
    """Finds the needle again in what a row shows. A match that spans chunks is not marked."""

    def __init__(self, needle: Needle | None = None) -> None:
        self._needle = needle
        self._patterns: dict[str, Pattern | None] = {}  # by encoding

    def in_text(self, row: LogRow) -> list[tuple[int, int]]:
        """Return start and end of every match in `row.text`."""
        needle = self._needle
        if needle is None or not row.is_chunk:
            return []
        if needle.text:
            return [(at, at + len(needle.text)) for at in needle.places(row.text)]
        from app.journal.needle import Needle

        found = {decode(row.data[start:end], row.encoding) for start, end in self.in_bytes(row)}
        wanted = [Needle.of_text(text) for text in found]
        return sorted((at, at + len(w.text)) for w in wanted for at in w.places(row.text))

    def in_bytes(self, row: LogRow) -> list[tuple[int, int]]:
        """Return start and end of every match in `row.data`."""
        if self._needle is None or not row.is_chunk:
            return []
        if row.encoding not in self._patterns:
            self._patterns[row.encoding] = self._needle.pattern(row.encoding)
        pattern = self._patterns[row.encoding]
        if pattern is None:
            return []
        places, end = [], 0
        for start in pattern.places(row.data):
            if start >= end:  # they do not overlap
                end = start + pattern.length
                places.append((start, end))
        return places
