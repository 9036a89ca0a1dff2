"""The entries that are in memory: the newest stored ones and all that are not stored yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

# An entry as it travels: the fields of `Entry` in their order. A bare tuple costs a fifth of what
# a NamedTuple costs to make, and the append path makes one per chunk.
Row = tuple[int, int, int, int, int, int, bytes, str]
DATA: Final = 6

KEPT_ENTRIES = 2_000
KEPT_BYTES = 16 * 1024 * 1024
OVERHEAD_BYTES = 256  # what a small row costs beside its bytes: tuple, numbers, bytes object


def size_of(rows: list[Row]) -> int:
    """The memory that `rows` take, in bytes, about."""
    return sum([len(row[DATA]) for row in rows]) + OVERHEAD_BYTES * len(rows)


def newest(rows: list[Row]) -> list[Row]:
    """Return the end of `rows` that is worth keeping in memory."""
    kept = rows[-KEPT_ENTRIES:]
    if sum([len(row[DATA]) for row in kept]) <= KEPT_BYTES:
        return kept
    room_bytes = KEPT_BYTES
    for index in range(len(kept) - 1, -1, -1):
        room_bytes -= len(kept[index][DATA])
        if room_bytes < 0:
            return kept[index + 1 :]
    return kept


class Recent(NamedTuple):
    """What was in memory at one moment: ids `first_id` to `last_id` without a gap.

    `parts` are lists of rows in the order of their ids. The last one may grow meanwhile, so it is
    read up to `last_id` only; the others never change.
    """

    first_id: int
    last_id: int
    parts: tuple[list[Row], ...]

    def between(self, first_id: int, last_id: int) -> list[Row]:
        """Return the rows with ids `first_id` to `last_id`, as far as they are here."""
        first_id, last_id = max(first_id, self.first_id), min(last_id, self.last_id)
        found: list[Row] = []
        for part in self.parts:
            if part and part[0][0] <= last_id:
                start = part[0][0]
                found += part[max(first_id - start, 0) : max(last_id + 1 - start, 0)]
        return found

    def row(self, entry_id: int) -> Row:
        """Return the row of an id from `first_id` to `last_id`."""
        for part in reversed(self.parts):
            if part and part[0][0] <= entry_id:
                return part[entry_id - part[0][0]]
        raise KeyError(entry_id)

    def newest_first(self, before_id: int) -> Iterator[Row]:
        """Yield the rows with ids below `before_id`, from the highest down."""
        for part in reversed(self.parts):
            if part:
                end = min(before_id, self.last_id + 1) - part[0][0]
                for index in range(min(end, len(part)) - 1, -1, -1):
                    yield part[index]

    def oldest_first(self, after_id: int) -> Iterator[Row]:
        """Yield the rows with ids above `after_id`, from the lowest up."""
        yield from self.between(after_id + 1, self.last_id)
