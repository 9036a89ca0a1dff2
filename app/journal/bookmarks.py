"""Bookmarks, as they are written: by the live journal's writer, or into an old file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from app.journal.entry import Bookmark
from app.journal.lock import release_lock, take_lock
from app.journal.opening import connect
from app.journal.reader import Reader
from app.journal.schema import check_identity, migrate, set_views
from app.journal.sqlite_errors import SqliteErrors, unreadable

_one_at_a_time = threading.Lock()


def write_bookmarks(
    connection: sqlite3.Connection, bookmarks: Iterable[Bookmark], first_id: int
) -> None:
    """Write within the caller's transaction; entries below `first_id` are gone."""
    for entry_id, comment in bookmarks:
        if comment is None:
            connection.execute("DELETE FROM bookmark WHERE entry_id = ?", (entry_id,))
        elif entry_id >= first_id:
            connection.execute("INSERT OR REPLACE INTO bookmark VALUES (?, ?)", (entry_id, comment))


def mark_file(path: Path, bookmarks: Sequence[Bookmark]) -> dict[int, str]:
    """Write into a journal that nobody has open for writing; return all its bookmarks.

    One transaction, which brings an older file to this version: old or new, never a half. Any
    thread. Raises JournalBusy, or JournalUnreadable if it cannot be written.
    """
    with _one_at_a_time:
        lock = take_lock(path)
        try:
            with closing(connect(path, "rw")) as connection:
                check_identity(connection, path)
                connection.execute("BEGIN IMMEDIATE")
                migrate(connection)
                set_views(connection)
                write_bookmarks(connection, bookmarks, 1)
                connection.execute("COMMIT")
        except SqliteErrors as error:
            raise unreadable(path, error) from error
        finally:
            release_lock(lock)
    with closing(Reader(path)) as reader:
        return reader.bookmarks()
