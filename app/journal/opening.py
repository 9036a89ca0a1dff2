"""Opening a journal for reading, wherever it lies and however it ended."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.journal.errors import JournalUnreadable, Unreadable
from app.journal.schema import check_identity, unreadable

CACHE_KIB = 8 * 1024


def connect_reader(path: Path, live: bool) -> sqlite3.Connection:
    """Open the journal at `path` for reading. Raises JournalUnreadable.

    A journal whose program died has a write-ahead log, which SQLite reads through a shared-memory
    file that it has to create. Where it cannot (a read-only folder), a file without such a log can
    be opened as immutable; one with a log is refused rather than shown without its end.
    """
    if not path.is_file():
        raise JournalUnreadable(path, Unreadable.CANNOT_OPEN, "no such file")
    try:
        return _open(path, "rw" if live else "ro")
    except sqlite3.OperationalError as error:
        if live or _has_log(path):
            raise unreadable(path, error) from error
    except sqlite3.Error as error:
        raise unreadable(path, error) from error
    try:
        return _open(path, "ro&immutable=1")
    except sqlite3.Error as error:
        raise unreadable(path, error) from error


def _open(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=1.0,
        isolation_level=None,
        check_same_thread=False,  # a thread may close what another one has stopped using
    )
    try:
        connection.execute("PRAGMA query_only=1")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        check_identity(connection, path)
    except (sqlite3.Error, JournalUnreadable):
        connection.close()
        raise
    return connection


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.is_file() and log.stat().st_size > 0
