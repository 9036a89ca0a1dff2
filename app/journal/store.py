"""The journal's file, seen from the one thread that writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import time_ns

from app.journal.bookmarks import write_bookmarks
from app.journal.extent import extent_of
from app.journal.file_size import largest_file
from app.journal.holds import Holds
from app.journal.ledger import Item, merged
from app.journal.opening import PAGE_BYTES, connect_writer
from app.journal.pruning import Pruned, Pruner
from app.journal.recent import Row
from app.journal.rowbatch import fit_one_statement, insert_rows, update_rows
from app.journal.schema import ENTRY_COLUMNS, LARGEST_CLIENT_ID
from app.journal.sqlite_errors import SqliteErrors, error_code, malformed, unreadable
from app.journal.trail import BLOCK_ENTRIES, Loose

_MARGIN_BYTES = 16 * PAGE_BYTES  # half-filled pages, and those of the tree


class Store:
    """One transaction after another into one file. One thread at a time.

    Raises JournalUnreadable at construction, sqlite3.Error afterwards; after an error nothing of
    the transaction counts, and the same rows can be given again.
    """

    def __init__(
        self,
        path: Path,
        limit_bytes: int,
        configure: Callable[[sqlite3.Connection], object] | None = None,
        holds: Holds | None = None,
    ) -> None:
        self.path = path
        self._connection = connect_writer(path)
        try:
            self._load()
            self._largest = largest_file(path)
            limit_bytes = self._bound(limit_bytes, self._largest)
            self._pruner = Pruner(self._connection, limit_bytes, self.first_id, holds or Holds())
            self.size_bytes = self._pruner.used_bytes()
        except SqliteErrors as error:
            self._connection.close()
            raise unreadable(path, error) from error
        if configure is not None:
            configure(self._connection)

    def _load(self) -> None:
        self.is_apart = True  # the write-ahead log holds what the main file does not
        self.is_gone = False  # somebody deleted the file: the system keeps it until we close it
        self._look()
        known = (client_id for client_id, _ in self.loose.ids)
        self.last_client_id = max(self._one("SELECT max(client_id) FROM client"), *known, 0)
        if self.last_client_id > LARGEST_CLIENT_ID // 2:
            raise malformed(f"client {self.last_client_id}")
        now_ns = time_ns()  # who goes on with a journal knows that its program died
        self._connection.execute("UPDATE run SET closed_ns = ? WHERE closed_ns = 0", (now_ns,))
        self._connection.execute(
            "DELETE FROM bookmark WHERE entry_id NOT BETWEEN ? AND ?", (self.first_id, self.last_id)
        )  # of an entry that was never stored
        self._run_id = self._connection.execute(
            "INSERT INTO run VALUES (NULL, ?, 0)", (now_ns,)
        ).lastrowid

    def _bound(self, limit_bytes: int, largest: int | None) -> int:
        """Stay below what a file may have here; return the limit at which the oldest entries go."""
        if largest is None:
            return limit_bytes
        # The write-ahead log is a file too: it is written into the main one before it is too large.
        pages = max(min(1_000, largest // 8 // PAGE_BYTES), 8)
        self._connection.execute(f"PRAGMA wal_autocheckpoint={pages}").fetchall()
        self._connection.execute(
            f"PRAGMA max_page_count={max(largest // PAGE_BYTES, 1)}"
        ).fetchall()
        return min(limit_bytes, largest - largest // 8)

    def _look(self) -> None:
        """Take what the file holds for what is stored."""
        self.first_id, self.last_id, self.loose = extent_of(self._connection)

    def _one(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0] or 0)

    def write(self, rows: Sequence[Row], size_bytes: int, clients: Sequence[Item]) -> Pruned:
        """Store clients and entries in one transaction; delete the oldest if it gets too large.

        `size_bytes` is about what the rows take.
        """
        try:
            return self._write(rows, size_bytes, clients)
        except sqlite3.OperationalError as error:
            if error_code(error) != sqlite3.SQLITE_FULL or self._largest is None:
                raise
            allowed_bytes = self._largest - 2 * size_bytes - _MARGIN_BYTES
            if self._pruner.used_bytes() <= allowed_bytes:  # it is the disk that is full
                raise
        made = self._make_room(allowed_bytes)
        return made.before(self._write(rows, size_bytes, clients))

    def _make_room(self, allowed_bytes: int) -> Pruned:
        """Delete the oldest first: the file must not grow by what comes in."""
        with self._transaction():
            pruned = self._pruner.make_room(allowed_bytes, self.last_id)
        self._note((), pruned)
        return pruned

    def _write(self, rows: Sequence[Row], size_bytes: int, clients: Sequence[Item]) -> Pruned:
        full_block = self.loose.count >= BLOCK_ENTRIES
        alone = not (full_block or clients or self._pruner.is_due(size_bytes))
        alone = alone and fit_one_statement(self._connection, rows)
        # A single statement is a transaction already. The two around it would be two more waits for
        # the interpreter: beside fifty busy workers a tenth of the journal's speed.
        with nullcontext() if alone else self._transaction():
            if full_block:
                self._write_block()
            self._write_items(clients)
            insert_rows(self._connection, f"INSERT INTO entry({ENTRY_COLUMNS})", rows)
            pruned = self._pruner.prune(
                len(rows), size_bytes, rows[-1][0] if rows else self.last_id
            )
        if full_block:
            self.loose = Loose(self.loose.blocked_id + self.loose.count)
        self.loose.add(rows)
        self._note(rows, pruned)
        return pruned

    def _note(self, rows: Sequence[Row], pruned: Pruned) -> None:
        self.is_apart = True
        if rows:
            self.last_id = rows[-1][0]
        self.first_id = pruned.first_id
        self._pruner.first_id = pruned.first_id
        self.size_bytes = pruned.size_bytes

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Run the block in one transaction: all of it counts, or nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # SQLite itself rolls back after some errors
                self._connection.execute("ROLLBACK")
            raise

    def recover(self) -> int:
        """Return the last id in the file: after a failure only the file knows what is stored."""
        self._look()
        self._pruner.first_id = self.first_id
        return self.last_id

    def _write_block(self) -> None:
        block = self.loose
        self._connection.execute(
            "INSERT INTO block VALUES (?, ?)",
            (block.blocked_id + 1, block.blocked_id + block.count),
        )
        insert_rows(self._connection, "INSERT INTO trail", block.rows())

    def _write_items(self, items: Sequence[Item]) -> None:
        records, changes, openings, bookmarks = merged(items)
        insert_rows(self._connection, "INSERT OR REPLACE INTO client", records)
        self._connection.executemany(
            "INSERT INTO opening(server_id, kind, name, endpoints, opened_ns)"
            " VALUES (?, ?, ?, ?, ?)",
            openings,
        )
        update_rows(
            self._connection,
            "client_id, encoding, closed_ns, reason, note",
            changes,
            "UPDATE client SET encoding = coalesce(new.encoding, client.encoding),"
            " closed_ns = coalesce(new.closed_ns, client.closed_ns),"
            " reason = coalesce(new.reason, client.reason),"
            " note = coalesce(new.note, client.note)"
            " FROM new WHERE client.client_id = new.client_id",
        )
        write_bookmarks(self._connection, bookmarks, self._pruner.first_id)

    def unite(self) -> None:
        """Write what the write-ahead log holds into the main file. Nobody waits for it."""
        _, logged, written = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        self.is_apart = written < logged  # a reader still needs the file as it was
        self.is_gone = not self.path.exists()

    def finish(self) -> None:
        """Mark the run as ended in order, and leave one plain file that any tool can read."""
        connection = self._connection
        with self._transaction():
            if self.loose.count:
                self._write_block()
            connection.execute(
                "UPDATE run SET closed_ns = ? WHERE run_id = ?", (time_ns(), self._run_id)
            )
        self.loose = Loose(self.loose.blocked_id + self.loose.count)
        connection.execute("PRAGMA busy_timeout=0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        # Without its write-ahead log a journal opens from a read-only folder too. While a reader
        # is open this is refused, and harmless.
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.OperationalError:
            return

    def close(self) -> None:
        """Close the file as it is."""
        self._connection.close()
