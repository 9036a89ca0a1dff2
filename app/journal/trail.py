"""Trails: which ids belong to each stream, that is to one client and one kind.

Filters and decoding backwards need "the chunks of this client and direction". A plain SQL index
over (client_id, kind, id) answers that, but each of its entries goes to a page of its own client:
measured, it takes the writer from 231,000 to 132,000 rows/s at 50 clients in 1 KiB chunks, and from
822,000 to 137,000 at 1,000 clients in 64-byte chunks.

So the ids are gathered in memory and stored once per block of 32,768 entries, one row per stream,
always at the end of the table: nothing is written at random places, and the oldest blocks are
deleted as easily. Of 10,000,000 entries that makes some 300 blocks, each an index seek away. The
entries after the last block are in memory; after a crash they are read again, at most one block.
"""

from __future__ import annotations

import sqlite3
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from app.journal.recent import Row

BLOCK_ENTRIES = 32_768
_SPECIFIC_CLIENTS = 100  # SQL looks for so many clients by number; more are filtered here

Stream = tuple[int, int]  # client_id, kind


def pack(ids: array[int]) -> bytes:
    """Ids as they are stored: little-endian 64-bit; an unbroken run as first id and -(last id)."""
    if ids[-1] - ids[0] + 1 == len(ids) and len(ids) > 1:
        ids = array("q", (ids[0], -ids[-1]))
    elif sys.byteorder == "big":
        ids = ids[:]
    if sys.byteorder == "big":
        ids.byteswap()
    return ids.tobytes()


def unpack(stored: bytes) -> array[int]:
    """Undo `pack`."""
    ids = array("q", stored)
    if sys.byteorder == "big":
        ids.byteswap()
    if len(ids) == 2 and ids[1] < 0:
        return array("q", range(ids[0], 1 - ids[1]))
    return ids


class Loose:
    """The trails of stored entries that are in no block yet: ids above `blocked_id`.

    Written by the writer thread alone; read by any thread, at any time. Filling a block makes a new
    object, so a reader that still has this one misses nothing.
    """

    def __init__(self, blocked_id: int) -> None:
        self.blocked_id = blocked_id
        self.count = 0
        self.ids: dict[Stream, array[int]] = defaultdict(partial(array, "q"))

    def add(self, rows: Iterable[Row]) -> None:
        """Note entries that are stored now."""
        ids = self.ids
        before = self.count
        for entry_id, _, _, client_id, kind, _, _, _ in rows:
            ids[client_id, kind].append(entry_id)
            before += 1
        self.count = before

    def add_scanned(self, connection: sqlite3.Connection) -> None:
        """Read what a program that died left unblocked."""
        for entry_id, client_id, kind in connection.execute(
            "SELECT id, client_id, kind FROM entry WHERE id > ? ORDER BY id", (self.blocked_id,)
        ).fetchall():
            self.ids[client_id, kind].append(entry_id)
            self.count += 1

    def rows(self) -> list[tuple[int, int, int, bytes]]:
        """Return these trails as rows of the table `trail`."""
        first_id = self.blocked_id + 1
        return [(first_id, *stream, pack(ids)) for stream, ids in sorted(self.ids.items())]

    def of(self, stream: Stream) -> array[int]:
        """Return the ids of `stream`, ascending; the array may still grow."""
        ids = self.ids.get(stream)
        return ids if ids is not None else array("q")

    def matching(self, clients: frozenset[int] | None, kinds: frozenset[int] | None) -> array[int]:
        """Return the ids of all streams that match, ascending."""
        return _merged(
            ids[:] for stream, ids in list(self.ids.items()) if _fits(stream, clients, kinds)
        )


def blocked_id(connection: sqlite3.Connection) -> int:
    """Return the last id that is in a block; 0 if there is no block."""
    found = connection.execute(
        "SELECT last_id FROM block ORDER BY first_id DESC LIMIT 1"
    ).fetchone()
    return int(found[0]) if found else 0


class Blocks:
    """The stored trails, read through one connection, up to the id that the caller names."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._near: tuple[int, dict[Stream, array[int]]] = (-1, {})

    def near(self, entry_id: int) -> dict[Stream, array[int]]:
        """Return all trails of the block that holds `entry_id`; the last one is kept."""
        first_id = self._block_of(entry_id)
        if self._near[0] != first_id:
            found = self._connection.execute(
                "SELECT client_id, kind, ids FROM trail WHERE first_id = ?", (first_id,)
            ).fetchall()
            trails = {(client_id, kind): unpack(ids) for client_id, kind, ids in found}
            self._near = (first_id, trails)
        return self._near[1]

    def back(self, stream: Stream, before_id: int) -> Iterator[array[int]]:
        """Yield the ids of `stream` below `before_id`, block by block, the newest block first."""
        limit = 1
        while True:
            found = self._connection.execute(
                "SELECT b.first_id, t.ids FROM block b CROSS JOIN trail t"
                " ON t.first_id = b.first_id AND t.client_id = ? AND t.kind = ?"
                " WHERE b.first_id < ? ORDER BY b.first_id DESC LIMIT ?",
                (*stream, before_id, limit),
            ).fetchall()
            for _, stored in found:
                ids = unpack(stored)
                yield ids[: bisect_left(ids, before_id)]
            if len(found) < limit:
                return
            before_id = found[-1][0]
            limit = 16

    def ahead(self, stream: Stream, after_id: int, last_id: int) -> Iterator[array[int]]:
        """Yield the ids of `stream` above `after_id` up to `last_id`, the oldest block first."""
        first_id = self._block_of(after_id + 1)
        limit = 1
        while True:
            found = self._connection.execute(
                "SELECT b.first_id, t.ids FROM block b CROSS JOIN trail t"
                " ON t.first_id = b.first_id AND t.client_id = ? AND t.kind = ?"
                " WHERE b.first_id >= ? AND b.first_id <= ? ORDER BY b.first_id LIMIT ?",
                (*stream, first_id, last_id, limit),
            ).fetchall()
            for _, stored in found:
                ids = unpack(stored)
                yield ids[bisect_right(ids, after_id) :]
            if len(found) < limit:
                return
            first_id = found[-1][0] + 1
            limit = 16

    def matching(
        self,
        clients: frozenset[int] | None,
        kinds: frozenset[int] | None,
        after_id: int,
        last_id: int,
    ) -> Iterator[array[int]]:
        """Yield the ids above `after_id` of all streams that match, the oldest block first."""
        blocks = self._connection.execute(
            "SELECT first_id FROM block WHERE first_id >= ? AND first_id <= ? ORDER BY first_id",
            (self._block_of(after_id + 1), last_id),
        ).fetchall()
        for (first_id,) in blocks:
            ids = self._block(first_id, clients, kinds)
            yield ids[bisect_right(ids, after_id) :]

    def matching_back(
        self, clients: frozenset[int] | None, kinds: frozenset[int] | None, before_id: int
    ) -> Iterator[array[int]]:
        """Yield the ids below `before_id` that match, ascending, the newest block first."""
        blocks = self._connection.execute(
            "SELECT first_id FROM block WHERE first_id < ? ORDER BY first_id DESC", (before_id,)
        ).fetchall()
        for (first_id,) in blocks:
            ids = self._block(first_id, clients, kinds)
            yield ids[: bisect_left(ids, before_id)]

    def _block_of(self, entry_id: int) -> int:
        found = self._connection.execute(
            "SELECT max(first_id) FROM block WHERE first_id <= ?", (entry_id,)
        ).fetchone()
        return int(found[0] or 0)

    def _block(
        self, first_id: int, clients: frozenset[int] | None, kinds: frozenset[int] | None
    ) -> array[int]:
        sql = "SELECT client_id, kind, ids FROM trail WHERE first_id = ?"
        if clients is not None and len(clients) <= _SPECIFIC_CLIENTS:
            sql += f" AND client_id IN ({','.join(map(str, sorted(clients)))})"
        found = self._connection.execute(sql, (first_id,)).fetchall()
        return _merged(
            unpack(stored)
            for client_id, kind, stored in found
            if _fits((client_id, kind), clients, kinds)
        )


def _fits(stream: Stream, clients: frozenset[int] | None, kinds: frozenset[int] | None) -> bool:
    return (clients is None or stream[0] in clients) and (kinds is None or stream[1] in kinds)


def _merged(trails: Iterable[array[int]]) -> array[int]:
    several = list(trails)
    if len(several) == 1:
        return several[0]
    return array("q", sorted(chain.from_iterable(several)))
