"""The ids of each client and kind at one moment: in memory, loose, and in blocks."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from app.journal.blocks import Blocks
from app.journal.recent import Recent, Row
from app.journal.trail import Loose, Numbers, Stream, fits

_NONE: array[int] = array("q")


class Streams:
    """What the three places together say. One thread; good for as long as its snapshot is.

    The three follow each other: blocks, then loose trails, then the rows in memory. Where they
    overlap, the later one is taken.
    """

    def __init__(self, blocks: Blocks, recent: Recent, loose: Loose) -> None:
        self._blocks = blocks
        self._recent = recent
        self._loose = loose
        self._recent_trails: Loose | None = None  # made when `next_of` is asked

    def back(self, stream: Stream, before_id: int) -> Iterator[int]:
        """Yield the ids of `stream` below `before_id`, descending."""
        for row in self.rows_back(stream, before_id):
            yield row[0]
        yield from self.stored_back(stream, before_id)

    def rows_back(self, stream: Stream, before_id: int) -> Iterator[Row]:
        """Yield the first part of `back`, as far as it is in memory: whole rows."""
        client_id, kind = stream
        for row in self._recent.newest_first(before_id):
            if row[3] == client_id and row[4] == kind:
                yield row

    def stored_back(self, stream: Stream, before_id: int) -> Iterator[int]:
        """Yield the rest of `back`."""
        below_id = min(before_id, self._recent.first_id)
        ids = self._loose.of(stream)
        yield from reversed(ids[: bisect_left(ids, below_id)])
        for block in self._blocks.back(stream, min(below_id, self._loose.blocked_id + 1)):
            yield from reversed(block)

    def ahead(self, stream: Stream, after_id: int) -> Iterator[int]:
        """Yield the ids of `stream` above `after_id`, ascending."""
        client_id, kind = stream
        if after_id < self._loose.blocked_id:
            for block in self._blocks.ahead(stream, after_id, self._loose.blocked_id):
                yield from block[: bisect_left(block, self._recent.first_id)]
        ids = self._loose.of(stream)
        yield from ids[bisect_right(ids, after_id) : bisect_left(ids, self._recent.first_id)]
        for row in self._recent.oldest_first(after_id):
            if row[3] == client_id and row[4] == kind:
                yield row[0]

    def next_of(self, stream: Stream, after_id: int) -> int:
        """Return the id of `stream` that follows `after_id`; 0 if there is none.

        Quick for many questions about ids that lie near each other.
        """
        if after_id < self._loose.blocked_id:
            ids = self._blocks.near(after_id).get(stream, _NONE)
            place = bisect_right(ids, after_id)
            if place < len(ids):
                return ids[place]
        if self._recent_trails is None:
            self._recent_trails = Loose(self._recent.first_id - 1)
            self._recent_trails.add(self._recent.between(0, self._recent.last_id))
        if after_id >= self._recent.first_id:
            ids = self._recent_trails.of(stream)
            place = bisect_right(ids, after_id)
            return ids[place] if place < len(ids) else 0
        return next(self.ahead(stream, after_id), 0)

    def matching(
        self, clients: Numbers | None, kinds: Numbers | None, after_id: int
    ) -> Iterator[array[int]]:
        """Yield the ids above `after_id` of these clients and kinds, piece by piece, ascending."""
        first_recent = self._recent.first_id
        if after_id < self._loose.blocked_id:
            last_id = self._loose.blocked_id
            for block in self._blocks.matching(clients, kinds, after_id, last_id):
                yield block[: bisect_left(block, first_recent)]
        ids = self._loose.matching(clients, kinds)
        yield ids[bisect_right(ids, after_id) : bisect_left(ids, first_recent)]
        rows = self._recent.oldest_first(after_id)
        yield array("q", [row[0] for row in rows if fits(row[3:5], clients, kinds)])

    def matching_back(
        self, clients: Numbers | None, kinds: Numbers | None, before_id: int
    ) -> Iterator[array[int]]:
        """Yield the ids below `before_id` of these clients and kinds, the newest piece first.

        Within a piece they ascend.
        """
        rows = self._recent.between(self._recent.first_id, before_id - 1)
        yield array("q", [row[0] for row in rows if fits(row[3:5], clients, kinds)])
        below_id = min(before_id, self._recent.first_id)
        ids = self._loose.matching(clients, kinds)
        yield ids[: bisect_left(ids, below_id)]
        below_id = min(below_id, self._loose.blocked_id + 1)
        yield from self._blocks.matching_back(clients, kinds, below_id)
