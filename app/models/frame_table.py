"""The places of frames in a few arrays, as they are found."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from app.frames.places import Place, key_of


class FrameTable:
    """Places with ascending keys. Belongs to one thread at a time.

    It has what `FoundIds` has, so the log's rows need not know which of both they have: a frame's
    key is its id.
    """

    def __init__(self) -> None:
        self._keys, self._starts, self._sizes = array("q"), array("q"), array("q")

    def __len__(self) -> int:
        return len(self._keys)

    def copy(self) -> FrameTable:
        """Return a copy for another thread: some milliseconds for a million."""
        made = FrameTable()
        made._keys, made._starts, made._sizes = self._keys[:], self._starts[:], self._sizes[:]
        return made

    def __getitem__(self, index: int) -> int:
        return self._keys[index]

    def place(self, index: int) -> Place:
        """Return the place at an index."""
        return Place(self._keys[index], self._starts[index], self._sizes[index])

    def places(self, start: int, stop: int) -> list[Place]:
        """Return the places at the indices from `start` up to, but not including, `stop`."""
        span = slice(max(start, 0), max(stop, 0))
        parts = (self._keys[span], self._starts[span], self._sizes[span])
        return list(map(Place, *parts))

    def slice(self, start: int, stop: int) -> list[int]:
        """Return the keys at the indices from `start` up to, but not including, `stop`."""
        return list(self._keys[max(start, 0) : max(stop, 0)])

    def index_of(self, key: int) -> int:
        """Return how many keys are below `key`."""
        return bisect_left(self._keys, key)

    def find(self, key: int) -> Place | None:
        """Return the place of this key."""
        index = self.index_of(key)
        known = index < len(self) and self._keys[index] == key
        return self.place(index) if known else None

    def add(self, places: Iterable[Place]) -> None:
        """Take places; nearly always behind all that are here."""
        keys, starts, sizes = self._keys, self._starts, self._sizes
        last = keys[-1] if keys else -1
        for key, start, size in places:
            if key > last:
                keys.append(key)
                starts.append(start)
                sizes.append(size)
                last = key
                continue
            # What was let go for its pause stands where its last byte came.
            at = bisect_left(keys, key)
            if keys[at] != key:
                keys.insert(at, key)
                starts.insert(at, start)
                sizes.insert(at, size)
            else:
                starts[at], sizes[at] = start, size

    def remove(self, keys: Iterable[int]) -> None:
        """Take out what was held back and is no more."""
        for key in keys:
            at = self.index_of(key)
            if at < len(self) and self._keys[at] == key:
                del self._keys[at], self._starts[at], self._sizes[at]

    def forget_below(self, entry_id: int) -> None:
        """Let the places in entries below `entry_id` go, once they are the greater part."""
        gone = self.index_of(key_of(entry_id))
        if gone > len(self) // 2:
            for part in (self._keys, self._starts, self._sizes):
                del part[:gone]
