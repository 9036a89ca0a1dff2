"""The stored trails, read block by block: see `trail`."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from app.journal.schema import CLIENT_ID, KIND
from app.journal.trail import Numbers, Stream, fits, merged, unpack

_SPECIFIC_CLIENTS = 100  # SQL looks for so many clients by number; more are filtered here
_SEVERAL = 16  # blocks read together, after a first one that often has enough

_IDS = "ifnull(CAST(ids AS BLOB), x'')"
_OF_STREAM = (
    f"SELECT b.first_id, b.last_id, {_IDS} FROM block b CROSS JOIN trail t"
    " ON t.first_id = b.first_id AND t.client_id = ? AND t.kind = ?"
)
_OF_BLOCK = f"SELECT {CLIENT_ID}, {KIND}, {_IDS} FROM trail WHERE first_id = ?"


class _Block(NamedTuple):
    first_id: int
    last_id: int
    trails: dict[Stream, array[int]]


class Blocks:
    """The trails in the file. One thread, that of `fetch`.

    `fetch` executes SQL with its values and returns all rows.
    """

    def __init__(self, fetch: Callable[..., list[Any]]) -> None:
        self._fetch = fetch
        self._near = _Block(0, -1, {})

    def near(self, entry_id: int) -> dict[Stream, array[int]]:
        """Return all trails of the block that holds `entry_id`; the last one is kept."""
        if not self._near.first_id <= entry_id <= self._near.last_id:
            first_id = self._block_of(entry_id)
            last_id = self._last_of(first_id)
            trails = dict(_trails(self._fetch(_OF_BLOCK, first_id), first_id, last_id))
            self._near = _Block(first_id, last_id, trails)
        return self._near.trails

    def back(self, stream: Stream, before_id: int) -> Iterator[array[int]]:
        """Yield the ids of `stream` below `before_id`, the newest block first."""
        sql = f"{_OF_STREAM} WHERE b.first_id < ? ORDER BY b.first_id DESC LIMIT ?"
        limit = 1
        while True:
            found = self._fetch(sql, *stream, before_id, limit)
            for first, last, stored in found:
                ids = unpack(stored, first, last)
                yield ids[: bisect_left(ids, before_id)]
            if len(found) < limit:
                return
            before_id = found[-1][0]
            limit = _SEVERAL

    def ahead(self, stream: Stream, after_id: int, last_id: int) -> Iterator[array[int]]:
        """Yield the ids of `stream` above `after_id`, from blocks up to the one with `last_id`."""
        sql = f"{_OF_STREAM} WHERE b.first_id BETWEEN ? AND ? ORDER BY b.first_id LIMIT ?"
        first_id = self._block_of(after_id + 1)
        limit = 1
        while True:
            found = self._fetch(sql, *stream, first_id, last_id, limit)
            for first, last, stored in found:
                ids = unpack(stored, first, last)
                yield ids[bisect_right(ids, after_id) :]
            if len(found) < limit:
                return
            first_id = found[-1][0] + 1
            limit = _SEVERAL

    def matching(
        self, clients: Numbers | None, kinds: Numbers | None, after_id: int, last_id: int
    ) -> Iterator[array[int]]:
        """Yield the ids above `after_id` of all streams that match, the oldest block first."""
        sql = "SELECT first_id FROM block WHERE first_id BETWEEN ? AND ? ORDER BY first_id"
        for (first_id,) in self._fetch(sql, self._block_of(after_id + 1), last_id):
            ids = self._block(first_id, clients, kinds)
            yield ids[bisect_right(ids, after_id) :]

    def matching_back(
        self, clients: Numbers | None, kinds: Numbers | None, before_id: int
    ) -> Iterator[array[int]]:
        """Yield the ids below `before_id` that match, ascending, the newest block first."""
        sql = "SELECT first_id FROM block WHERE first_id < ? ORDER BY first_id DESC"
        for (first_id,) in self._fetch(sql, before_id):
            ids = self._block(first_id, clients, kinds)
            yield ids[: bisect_left(ids, before_id)]

    def _block_of(self, entry_id: int) -> int:
        sql = "SELECT max(first_id) FROM block WHERE first_id <= ?"
        return self._fetch(sql, entry_id)[0][0] or 0

    def _last_of(self, first_id: int) -> int:
        sql = "SELECT max(last_id) FROM block WHERE first_id = ?"
        return self._fetch(sql, first_id)[0][0] or -1

    def _block(self, first_id: int, clients: Numbers | None, kinds: Numbers | None) -> array[int]:
        sql = _OF_BLOCK
        if clients is not None and len(clients) <= _SPECIFIC_CLIENTS:
            sql += f" AND client_id IN ({','.join(map(str, sorted(clients)))})"
        found = self._fetch(sql, first_id)
        trails = _trails(found, first_id, self._last_of(first_id))
        return merged(ids for stream, ids in trails if fits(stream, clients, kinds))


def _trails(
    found: Iterable[tuple[int, int, bytes]], first_id: int, last_id: int
) -> Iterator[tuple[Stream, array[int]]]:
    """Yield the trails of one block. An id is in one of them: what says more is left out."""
    left = last_id - first_id + 1
    for client_id, kind, stored in found:
        ids = unpack(stored, first_id, last_id)
        left -= len(ids)
        if left < 0:
            return
        yield (client_id, kind), ids
