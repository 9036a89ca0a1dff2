"""The ids that a filter lets through, as they are found."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate


class FoundIds:
    """Ascending ids in a few arrays: older ones come in front, newer ones behind.

    Nothing is copied when older ids arrive, so eight million cost the GUI thread no more than
    eight. Belongs to one thread.
    """

    def __init__(self) -> None:
        self._parts: list[array[int]] = [array("q")]
        self._starts: list[int] = [0]  # the index at which each part begins

    def __len__(self) -> int:
        return self._starts[-1] + len(self._parts[-1])

    def __getitem__(self, index: int) -> int:
        at = bisect_left(self._starts, index + 1) - 1
        return self._parts[at][index - self._starts[at]]

    def prepend(self, ids: array[int]) -> None:
        """Take ids that are all below those here. The array is not copied."""
        if ids:
            self._parts.insert(0, ids)
            self._count()

    def extend(self, ids: array[int]) -> None:
        """Take ids that are all above those here."""
        self._parts[-1].extend(ids)

    def forget_below(self, entry_id: int) -> None:
        """Let whole arrays of ids below `entry_id` go; a few such ids may stay."""
        before = len(self._parts)
        while len(self._parts) > 1 and self._parts[0][-1] < entry_id:
            del self._parts[0]
        last = self._parts[-1]
        gone = bisect_left(last, entry_id)
        if len(self._parts) == 1 and gone > len(last) // 2:
            del last[:gone]
        if len(self._parts) != before:
            self._count()

    def index_of(self, entry_id: int) -> int:
        """Return how many ids are below `entry_id`."""
        for at, part in enumerate(self._parts):
            if not part or part[-1] >= entry_id:
                return self._starts[at] + bisect_left(part, entry_id)
        return len(self)

    def slice(self, start: int, stop: int) -> list[int]:
        """Return the ids at the indices from `start` up to, but not including, `stop`."""
        return [self[index] for index in range(max(start, 0), min(stop, len(self)))]

    def _count(self) -> None:
        self._starts = [0, *accumulate(map(len, self._parts[:-1]))]
