"""The size limit: the oldest entries go, a few with every transaction."""

from __future__ import annotations

import sqlite3
from time import perf_counter
from typing import NamedTuple

from app.journal.entry import Kind
from app.journal.holds import Holds

SLICE_S = 0.008  # longer would make the workers wait
# A follower whose disk is full may let the file grow so far above its limit, and no farther.
MOST_HELD_BYTES = 256 * 1024**2


class Pruned(NamedTuple):
    """What one transaction deleted, and what is left."""

    entries: int  # deleted
    freed_bytes: int  # of the file's pages
    first_id: int  # the oldest entry left
    size_bytes: int  # of the file's pages in use

    def before(self, later: Pruned) -> Pruned:
        """Return what this one and then `later` did."""
        return later._replace(
            entries=self.entries + later.entries, freed_bytes=self.freed_bytes + later.freed_bytes
        )


class Pruner:
    """Deletes inside the writer's transaction. The writer thread alone.

    One DELETE per transaction, of a number of entries that has proved to fit SLICE_S; but never
    fewer than come in, or the file would outgrow its limit for good.
    """

    def __init__(
        self, connection: sqlite3.Connection, limit_bytes: int, first_id: int, holds: Holds
    ) -> None:
        """`holds`: what is not deleted, unless the file would be MOST_HELD_BYTES too large."""
        self._connection = connection
        self._holds = holds
        self._limit_bytes = limit_bytes
        self._step = 256
        self._unseen_bytes = 0  # written since the size was looked at
        self._last = Pruned(0, 0, first_id, self.used_bytes())
        self.first_id = first_id  # of what is committed

    def used_bytes(self) -> int:
        """Pages in use, in bytes; free pages will be filled before the file grows."""
        pages, free, size = self._connection.execute(
            "SELECT p.page_count, f.freelist_count, s.page_size FROM pragma_page_count p,"
            " pragma_freelist_count f, pragma_page_size s"
        ).fetchone()
        return int((pages - free) * size)

    def is_due(self, incoming_bytes: int) -> bool:
        """Whether `prune` will look at the size: well below the limit not every time."""
        unseen_bytes = self._unseen_bytes + incoming_bytes
        return (
            self._last.size_bytes + unseen_bytes >= self._limit_bytes
            or unseen_bytes >= self._limit_bytes // 64
        )

    def prune(self, incoming: int, incoming_bytes: int, last_id: int) -> Pruned:
        """Delete the oldest entries if the file is above its limit; `incoming` just came in."""
        due = self.is_due(incoming_bytes)
        self._unseen_bytes += incoming_bytes
        if not due:
            return Pruned(0, 0, self.first_id, self._last.size_bytes + self._unseen_bytes)
        self._unseen_bytes = 0
        self._last = self._prune(incoming, last_id)
        return self._last

    def _prune(self, incoming: int, last_id: int) -> Pruned:
        used = self.used_bytes()
        count = last_id - self.first_id + 1
        excess = used - self._limit_bytes
        if excess <= 0 or count <= 1:
            return Pruned(0, 0, self.first_id, used)
        wanted = excess * count // used + 1
        several = min(wanted, max(self._step, incoming + incoming // 4), count - 1)
        if excess < MOST_HELD_BYTES:
            several = min(several, self._holds.first_id - self.first_id)
            if several <= 0:
                return Pruned(0, 0, self.first_id, used)
        first_id = self.first_id + several
        self._delete_below(first_id, slow_if_above=several)
        left = self.used_bytes()
        return Pruned(several, max(used - left, 0), first_id, left)

    def make_room(self, allowed_bytes: int, last_id: int) -> Pruned:
        """Delete the oldest, however many it takes, until `allowed_bytes` are in use."""
        before = left = self.used_bytes()
        first_id, several = self.first_id, self._step
        while left > allowed_bytes and first_id < last_id:
            first_id = min(first_id + several, last_id)
            self._delete_below(first_id, slow_if_above=several)
            several *= 2
            left = self.used_bytes()
        return Pruned(first_id - self.first_id, max(before - left, 0), first_id, left)

    def _delete_below(self, first_id: int, slow_if_above: int) -> None:
        started = perf_counter()
        # A client goes with the entry that tells of its end: all its chunks lie before it.
        self._connection.execute(
            "DELETE FROM client WHERE closed_ns > 0 AND client_id IN"
            f" (SELECT client_id FROM entry WHERE id < ? AND kind = {Kind.OFFLINE.value})",
            (first_id,),
        )
        self._connection.execute("DELETE FROM entry WHERE id < ?", (first_id,))
        self._connection.execute("DELETE FROM bookmark WHERE entry_id < ?", (first_id,))
        took_s = perf_counter() - started
        if took_s > SLICE_S:
            self._step = max(self._step // 2, 16)
        elif slow_if_above >= self._step:
            self._step *= 2
        gone = self._connection.execute(
            "SELECT first_id FROM block WHERE first_id < ? AND last_id < ?", (first_id, first_id)
        ).fetchall()
        for block in gone:
            self._connection.execute("DELETE FROM trail WHERE first_id = ?", block)
            self._connection.execute("DELETE FROM block WHERE first_id = ?", block)
