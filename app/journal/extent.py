"""What ids a file holds, and whether that can be true."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from app.journal.schema import CLIENT_ID, KIND
from app.journal.sqlite_errors import malformed
from app.journal.trail import BLOCK_ENTRIES, Loose

_LARGEST_ID = 1 << 53
_SMALLEST_ENTRY_BYTES = 8  # in a page: its cell's place, its header, its id
_MOST_LOOSE = 4 * BLOCK_ENTRIES  # entries in no block: hardly more than one block's ever are


class Extent(NamedTuple):
    """The ids of a file: the oldest entry's, the newest one's, and the trails in no block."""

    first_id: int  # last_id + 1 if there is no entry
    last_id: int  # 0 if there never was one
    loose: Loose


def extent_of(connection: sqlite3.Connection) -> Extent:
    """Look what a file holds. Raises sqlite3.Error, also for ids that no writer of ours gave.

    Ids are dense, so two of them say how many rows a log has, and a few bytes could say that there
    are 2**62.
    """
    # In separate statements: together they would be a scan.
    last_id = connection.execute("SELECT max(id) FROM entry").fetchone()[0] or 0
    first_id = connection.execute("SELECT min(id) FROM entry").fetchone()[0] or last_id + 1
    pages, page_bytes = connection.execute(
        "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size"
    ).fetchone()
    most = pages * page_bytes // _SMALLEST_ENTRY_BYTES
    if first_id < 1 or last_id > _LARGEST_ID or last_id - first_id >= most:
        raise malformed(f"entries {first_id} to {last_id}")
    return Extent(first_id, last_id, _loose_after(connection, _blocked_id(connection, last_id)))


def _blocked_id(connection: sqlite3.Connection, newest_id: int) -> int:
    """Return the last id that is in a block, 0 without one; raise unless the blocks ascend."""
    before_id = 0
    for first_id, last_id in connection.execute(
        "SELECT first_id, last_id FROM block ORDER BY first_id"
    ):
        ascending = isinstance(last_id, int) and before_id < first_id <= last_id <= newest_id
        if not ascending or last_id - first_id >= _MOST_LOOSE:
            raise malformed(f"block {first_id} to {last_id}")
        before_id = last_id
    return before_id


def _loose_after(connection: sqlite3.Connection, blocked_id: int) -> Loose:
    """Read what a program that died left unblocked."""
    rows = connection.execute(
        f"SELECT id, {CLIENT_ID}, {KIND} FROM entry WHERE id > ? ORDER BY id LIMIT ?",
        (blocked_id, _MOST_LOOSE),
    ).fetchall()
    if len(rows) == _MOST_LOOSE:
        raise malformed(f"no trails after entry {blocked_id}")
    loose = Loose(blocked_id)
    for entry_id, client_id, kind in rows:
        loose.ids[client_id, kind].append(entry_id)
    loose.count = len(rows)
    return loose
