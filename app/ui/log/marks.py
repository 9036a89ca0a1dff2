"""Where a row holds what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.decoder import decode, size_bytes

if TYPE_CHECKING:
    from app.journal.needle import Needle
    from app.journal.pattern import Pattern
    from app.models.log_row import LogRow


class Marks:
    """Finds the needle again in what a row shows. A match that spans chunks is not marked."""

    def __init__(self, needle: Needle | None = None) -> None:
        self._needle = needle
        self._is_slow = False  # a regular expression is, in a row: no more marks then
        self._patterns: dict[str, Pattern | None] = {}  # by encoding

    def in_text(self, row: LogRow) -> list[tuple[int, int]]:
        """Return start and end of every match in `row.text`."""
        needle = self._needle
        if needle is None or not row.is_chunk:
            return []
        if needle.text:
            return self._spans(needle, row.text)
        from app.journal.needle import Needle

        found = {decode(row.data[start:end], row.encoding) for start, end in self.in_bytes(row)}
        wanted = [Needle.of_text(text) for text in found]
        return sorted(span for one in wanted for span in one.spans(row.text))

    def in_bytes(self, row: LogRow) -> list[tuple[int, int]]:
        """Return start and end of every match in `row.data`."""
        if self._needle is None or not row.is_chunk:
            return []
        if self._needle.expression is not None or self._needle.whole_word:
            return self._as_bytes(self._needle, row)
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

    def _as_bytes(self, needle: Needle, row: LogRow) -> list[tuple[int, int]]:
        """Return the places of what is found in the text that the bytes are by themselves."""
        text = decode(row.data, row.encoding)
        spans = self._spans(needle, text)
        return [
            (size_bytes(text[:start], row.encoding), size_bytes(text[:end], row.encoding))
            for start, end in spans
        ]

    def _spans(self, needle: Needle, text: str) -> list[tuple[int, int]]:
        if self._is_slow:
            return []
        if needle.expression is None:
            return list(needle.spans(text))
        from app.text.expressions import GLANCE_S
        from app.text.faults import TooSlow

        try:
            spans = list(needle.spans(text, GLANCE_S))
        except TooSlow:
            self._is_slow = True
            return []
        return [(start, end) for start, end in spans if start < end]
