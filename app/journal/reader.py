"""Reading a journal: the live one, or any old file."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from app.journal.blocks import Blocks
from app.journal.entry import Bookmark, ClientRecord, Entry, Kind, Opening
from app.journal.extent import extent_of
from app.journal.ledger import ClientChange, Ledger, overlaid
from app.journal.opening import connect_reader
from app.journal.recent import DATA, Recent, Row
from app.journal.refs import JournalKey
from app.journal.schema import (
    CLIENT_ID,
    COLUMNS,
    ENCODING,
    KIND,
    READ_ENCODING,
    READ_ENTRIES,
    version_of,
)  # fmt: skip
from app.journal.schema import DATA as READ_DATA
from app.journal.sqlite_errors import SqliteErrors, unreadable
from app.journal.streams import Streams
from app.journal.trail import Loose, Numbers, Stream, fits

_IN_ONE = 500  # ids in one `IN (…)`
_IN_SLICE = 32_768  # entries that are summed up at once: a few ms


class LiveSource(NamedTuple):
    """What a reader of the live journal takes from memory."""

    snapshot: Callable[[], tuple[Recent, Loose]]
    bounds: Callable[[], tuple[int, int]]
    ledger: Ledger | None


class Reader:
    """Reads a journal with a connection of its own. One thread at a time.

    `Journal.reader()` makes one for the live journal: it takes from memory what is there, from the
    file the rest, and never waits for the writer. `Reader(path)` opens an old file and changes
    nothing in it. It and every method raise JournalUnreadable if the file cannot be read.
    """

    def __init__(
        self, path: Path, live: LiveSource | None = None, key: JournalKey | None = None
    ) -> None:
        self.path = path
        self.key = key or JournalKey(path)  # the live journal's, or one of its own
        self.live = live is not None  # more may come
        self._connection = connect_reader(path, live is not None)
        try:
            self._columns = COLUMNS[version_of(self._connection)]
            self._source = live or _file_source(self._connection)
        except SqliteErrors as error:
            self.close()
            raise unreadable(path, error) from error
        self._blocks = Blocks(self._fetch)

    def close(self) -> None:
        """Close the connection. Twice does no harm."""
        self._connection.close()

    @property
    def first_id(self) -> int:
        """The id of the oldest entry; last_id + 1 if there is none."""
        return self._source.bounds()[0]

    @property
    def last_id(self) -> int:
        """The id of the newest entry; 0 if there never was one."""
        return self._source.bounds()[1]

    # Entries by their ids

    def entries(self, first_id: int, count: int) -> list[Entry]:
        """Return up to `count` entries from `first_id` on, as far as there are any. Ids ascend."""
        recent = self.recent()
        last_id = min(first_id + count - 1, recent.last_id)
        rows: list[Row] = []
        if first_id < recent.first_id:
            below_id = min(last_id, recent.first_id - 1)
            rows = self._fetch(
                f"{READ_ENTRIES} WHERE id BETWEEN ? AND ? ORDER BY id", first_id, below_id
            )
        return _entries(rows + recent.between(first_id, last_id))

    def entry(self, entry_id: int) -> Entry | None:
        """Return one entry, or None if there is none of this id (any more)."""
        found = self.entries(entry_id, 1)
        return found[0] if found else None

    def pick(self, ids: Sequence[int]) -> list[Entry]:
        """Return the entries with these ids, in this order; those that are gone are left out."""
        recent = self.recent()
        stored = sorted({entry_id for entry_id in ids if entry_id < recent.first_id})
        rows = {row[0]: row for row in self._picked(stored)}
        for entry_id in ids:
            if recent.first_id <= entry_id <= recent.last_id:
                rows[entry_id] = recent.row(entry_id)
        return _entries(rows[entry_id] for entry_id in ids if entry_id in rows)

    def _picked(self, ids: list[int]) -> Iterator[Row]:
        for start in range(0, len(ids), _IN_ONE):
            some = ids[start : start + _IN_ONE]
            yield from self._fetch(f"{READ_ENTRIES} WHERE id IN ({','.join(map(str, some))})")

    def _fetch(self, sql: str, *values: object) -> list[Any]:
        # Always to the end: a half-read cursor keeps the write-ahead log growing.
        try:
            return self._connection.execute(sql, values).fetchall()
        except SqliteErrors as error:
            raise unreadable(self.path, error) from error

    # Entries of one client and kind

    def back(self, client_id: int, kind: int, before_id: int, count: int) -> list[Entry]:
        """Return up to `count` of this client and kind with lower ids, the newest first."""
        return self.pick(list(islice(self.streams().back((client_id, kind), before_id), count)))

    def ahead(self, client_id: int, kind: int, after_id: int, count: int) -> list[Entry]:
        """Return up to `count` of this client and kind with higher ids, the oldest first."""
        return self.pick(list(islice(self.streams().ahead((client_id, kind), after_id), count)))

    def streams(self) -> Streams:
        """Return the ids of every client and kind as they are now."""
        return Streams(self._blocks, *self._source.snapshot())

    # Filters

    def matching_ids(
        self, clients: Numbers | None, kinds: Numbers | None, after_id: int, count: int
    ) -> array[int]:
        """Return up to `count` ids above `after_id` of these clients and kinds, ascending.

        None means all of them. Fewer than `count` mean that there are no more.
        """
        after_id = max(after_id, self.first_id - 1)
        if clients is None and kinds is None:
            return array("q", range(after_id + 1, min(after_id + count, self.last_id) + 1))
        found = array("q")
        for ids in self.streams().matching(clients, kinds, after_id):
            found += ids[: count - len(found)]
            if len(found) == count:
                break
        return found

    def matching_back(
        self, clients: Numbers | None, kinds: Numbers | None, before_id: int, count: int
    ) -> array[int]:
        """Return up to `count` ids below `before_id` of these clients and kinds, descending.

        For the first page of a filter when the log follows its tail.
        """
        first_id = self.first_id
        if clients is None and kinds is None:
            last_id = min(before_id - 1, self.last_id)
            return array("q", range(last_id, max(last_id - count, first_id - 1), -1))
        found = array("q")
        for ids in self.streams().matching_back(clients, kinds, before_id):
            found += ids[: -(count - len(found)) - 1 : -1]
            if len(found) == count or (ids and ids[0] < first_id):
                break
        return array("q", [entry_id for entry_id in found if entry_id >= first_id])

    def ids_where(
        self, condition: str, values: Sequence[object], first_id: int, last_id: int
    ) -> list[int]:
        """Return the ids from `first_id` to `last_id` in the file for which an SQL term holds."""
        sql = f"SELECT id FROM entry WHERE id BETWEEN ? AND ? AND ({condition}) ORDER BY id"
        return [row[0] for row in self._fetch(sql, first_id, last_id, *values)]

    def size_bytes(self, first_id: int, last_id: int) -> int:
        """Return the bytes of the entries from `first_id` to `last_id` in the file."""
        sql = "SELECT ifnull(sum(length(data)), 0) FROM entry WHERE id BETWEEN ? AND ?"
        return int(self._fetch(sql, first_id, last_id)[0][0])

    def count_within(self, ids: Sequence[int], most_bytes: int) -> int:
        """Return how many of these entries, from the first on, have so many bytes at most.

        At least one. What is still in memory counts for nothing: it is there already.
        """
        low, high = min(ids, default=0), max(ids, default=0)
        if high - low == len(ids) - 1 and self.size_bytes(low, high) <= most_bytes:
            return len(ids)
        total = 0
        for start in range(0, len(ids), _IN_ONE):
            some = ids[start : start + _IN_ONE]
            sql = f"SELECT id, length(data) FROM entry WHERE id IN ({','.join(map(str, some))})"
            sizes = dict(self._fetch(sql))
            for number, entry_id in enumerate(some, start):
                total += sizes.get(entry_id, 0)
                if total > most_bytes and number:
                    return number
        return len(ids)

    def chunks(
        self, first_id: int, last_id: int, clients: Numbers | None, kinds: Numbers | None
    ) -> list[tuple[int, int, int, bytes, str | None]]:
        """Return id, client_id, kind, data and encoding of chunks of these clients and kinds.

        Where there is no encoding it is None: text costs more to read than bytes.
        """
        recent = self.recent()
        sql = (
            f"SELECT id, {CLIENT_ID}, {KIND}, {READ_DATA}, nullif({READ_ENCODING}, '') FROM entry"
            " WHERE id BETWEEN ? AND ? AND kind BETWEEN 0 AND 1"
        )
        rows = self._fetch(f"{sql} ORDER BY id", first_id, min(last_id, recent.first_id - 1))
        memory = recent.between(first_id, last_id)
        rows += [(row[0], *row[3:5], row[DATA], row[7]) for row in memory if row[4] <= 1]
        if clients is None and kinds is None:
            return rows
        return [row for row in rows if fits(row[1:3], clients, kinds)]

    def recent(self) -> Recent:
        """Return what is in memory now; of an old file, nothing."""
        return self._source.snapshot()[0]

    # Clients

    def clients(self) -> dict[int, ClientRecord]:
        """Return all clients of this file, by their number."""
        ledger = self._source.ledger
        waiting = ledger.waiting() if ledger else []  # first: see `Ledger`
        rows = self._fetch(f"{self._columns.clients} ORDER BY client_id")
        return overlaid({row[0]: ClientRecord(*row) for row in rows}, waiting)

    def newest_clients(self, count: int) -> tuple[dict[int, ClientRecord], int]:
        """Return up to `count` clients with the highest numbers, and how many there are."""
        ledger = self._source.ledger
        waiting = ledger.waiting() if ledger else []
        sql = f"{self._columns.clients} ORDER BY client_id DESC LIMIT ?"
        rows = self._fetch(sql, count)
        known = overlaid({row[0]: ClientRecord(*row) for row in rows}, waiting)
        (stored,) = self._fetch("SELECT count(*) FROM client")
        highest = rows[0][0] if rows else 0
        total = int(stored[0]) + sum(number > highest for number in known)
        return {number: known[number] for number in sorted(known)[-count:]}, total

    def encodings(self) -> set[str]:
        """Return the encodings in which clients of this file are shown."""
        ledger = self._source.ledger
        items = ledger.waiting() if ledger else []
        waiting = [i.encoding for i in items if isinstance(i, ClientRecord | ClientChange)]
        found = {row[0] for row in self._fetch(f"SELECT DISTINCT {ENCODING} FROM client")}
        return found | {name for name in waiting if name}

    def totals(self, cancelled: Callable[[], bool] = lambda: False) -> dict[int, tuple[int, int]]:
        """Return how many bytes each client received and sent, of an old file. Slow.

        The last chunk of a stream tells: its offset and its length. Unfinished if `cancelled()`.
        """
        ends: dict[Stream, int] = {}
        sql = (
            f"SELECT {CLIENT_ID} AS client, kind, max(offset), length(data) FROM entry"
            " WHERE id BETWEEN ? AND ? AND kind BETWEEN 0 AND 1 GROUP BY client, kind"
        )
        for low in range(self.first_id, self.last_id + 1, _IN_SLICE):
            if cancelled():
                break
            for client_id, kind, offset, size in self._fetch(sql, low, low + _IN_SLICE - 1):
                if isinstance(offset, int) and isinstance(size, int):
                    end = max(offset + size, ends.get((client_id, kind), 0))
                    ends[client_id, kind] = end
        clients = [row[0] for row in self._fetch(f"SELECT {CLIENT_ID} FROM client")]
        return {c: (ends.get((c, Kind.IN), 0), ends.get((c, Kind.OUT), 0)) for c in clients}

    def client(self, client_id: int) -> ClientRecord | None:
        """Return one client, or None if this file does not know it."""
        ledger = self._source.ledger
        waiting = ledger.of_client(client_id) if ledger else []
        sql = f"{self._columns.clients} WHERE client_id = ?"
        rows = self._fetch(sql, client_id)
        found = overlaid({row[0]: ClientRecord(*row) for row in rows}, waiting)
        return found.get(client_id)

    # Bookmarks

    def bookmarks(self) -> dict[int, str]:
        """Return the comment on each marked entry, by its id, ascending; "" where there is none."""
        ledger = self._source.ledger
        waiting = ledger.waiting() if ledger else []
        (version,) = self._fetch("PRAGMA user_version")[0]  # a first bookmark migrates an old file
        sql, first_id = COLUMNS.get(version, self._columns).bookmarks, self.first_id
        rows = self._fetch(sql, first_id, self.last_id) if sql else []
        found: dict[int, str | None] = dict(rows)
        found |= {i.entry_id: i.comment for i in waiting if isinstance(i, Bookmark)}
        marked = ((key, found[key]) for key in sorted(found) if key >= first_id)
        return {key: comment for key, comment in marked if comment is not None}

    @property
    def ledger(self) -> Ledger | None:
        """Where a live journal takes bookmarks; None for an old file."""
        return self._source.ledger

    # Servers

    def openings(self) -> list[Opening]:
        """Return every opening of a server, the oldest first; an old file may know of none.

        Of what is just being written, one may be found twice.
        """
        ledger = self._source.ledger
        waiting = ledger.waiting() if ledger else []
        rows = self._fetch(self._columns.openings) if self._columns.openings else []
        return [*map(Opening._make, rows), *(i for i in waiting if isinstance(i, Opening))]


def _file_source(connection: sqlite3.Connection) -> LiveSource:
    """Everything of a file that does not change any more, as it is now."""
    first_id, last_id, loose = extent_of(connection)
    recent = Recent(last_id + 1, last_id, ())
    return LiveSource(lambda: (recent, loose), lambda: (first_id, last_id), None)


def _entries(rows: Iterable[Row]) -> list[Entry]:
    return list(map(Entry._make, rows))
