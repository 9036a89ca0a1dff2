"""What SQLite's errors mean for a journal."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.journal.errors import JournalUnreadable, Unreadable

_FAULTS = {
    sqlite3.SQLITE_NOTADB: Unreadable.NOT_A_JOURNAL,
    sqlite3.SQLITE_CORRUPT: Unreadable.DAMAGED,
    sqlite3.SQLITE_ERROR: Unreadable.DAMAGED,  # a table that should be there is not
    sqlite3.SQLITE_TOOBIG: Unreadable.DAMAGED,  # a value larger than any of ours
    sqlite3.SQLITE_NOMEM: Unreadable.DAMAGED,
}


# What SQLite's module raises: also for SQLITE_NOMEM, and for a message with a file's raw bytes.
SqliteErrors = (sqlite3.Error, MemoryError, UnicodeDecodeError)


def unreadable(path: Path, error: Exception) -> JournalUnreadable:
    """Say what `error`, one of SqliteErrors, means for the file at `path`."""
    code = error_code(error)
    return JournalUnreadable(path, _FAULTS.get(code, Unreadable.CANNOT_OPEN), error_text(error))


def malformed(text: str) -> sqlite3.DatabaseError:
    """Return what SQLite would raise, for what only we know to be wrong."""
    error = sqlite3.DatabaseError(text)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def error_code(error: Exception) -> int:
    """Return SQLite's primary result code; 0 if it is none of SQLite's."""
    if isinstance(error, MemoryError):
        return sqlite3.SQLITE_NOMEM
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def error_text(error: Exception) -> str:
    """Return the error's own words; its kind where it has none."""
    return str(error) or type(error).__name__
