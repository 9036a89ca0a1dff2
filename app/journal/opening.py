"""Opening a journal's file, wherever it lies and however it ended."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path, PurePath
from urllib.parse import quote_from_bytes

from app.journal.errors import JournalUnreadable, Unreadable
from app.journal.schema import check_identity, create, migrate, set_views
from app.journal.sqlite_errors import SqliteErrors, error_code, unreadable

CACHE_KIB = 8 * 1024  # a reader's
PAGE_BYTES = 16_384  # beside 4 KiB pages, deleting the oldest is several times as fast
WAL_BYTES = 64 * 1024 * 1024  # the log file is cut back to this after a checkpoint
LARGEST_BYTES = 16 * 1024 * 1024  # read of one value; ours are smaller: a chunk is 1 MiB at most


def file_uri(path: PurePath, mode: str) -> str:
    """Return the address by which SQLite opens the absolute `path`, on any system.

    A drive stands behind a third slash. So does a share, or SQLite would take its server for the
    address's host and refuse.
    """
    text = path.as_posix()
    text = text if text.startswith("/") else f"/{text}"
    return f"file://{quote_from_bytes(os.fsencode(text), safe='/:')}?mode={mode}"


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file at `path` without looking at it. Raises sqlite3.Error.

    Nothing that the file brings along is trusted: it may be anybody's. Text that is no UTF-8 is
    read with replacement characters. Another thread may use the connection after this one.
    """
    connection = sqlite3.connect(
        file_uri(path.absolute(), mode),
        uri=True,
        timeout=1.0,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = _text
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def connect_reader(path: Path, live: bool) -> sqlite3.Connection:
    """Open the journal at `path` for reading. Raises JournalUnreadable.

    A journal whose program died has a write-ahead log, which SQLite reads through a shared-memory
    file that it has to create. Where it cannot (a read-only folder), a file without such a log can
    be opened as immutable; one with a log is refused rather than shown without its end.
    """
    try:
        if not path.is_file():
            raise JournalUnreadable(path, Unreadable.CANNOT_OPEN, "no such file")
    except OSError as error:  # the folder may not be entered
        raise JournalUnreadable(path, Unreadable.CANNOT_OPEN, str(error)) from error
    try:
        return _open(path, "rw" if live else "ro")
    except sqlite3.OperationalError as error:
        if live or _has_log(path):
            raise unreadable(path, error) from error
    except SqliteErrors as error:
        raise unreadable(path, error) from error
    try:
        return _open(path, "ro&immutable=1")
    except SqliteErrors as error:
        raise unreadable(path, error) from error


def _open(path: Path, mode: str) -> sqlite3.Connection:
    connection = connect(path, mode)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_BYTES)
        connection.execute("PRAGMA query_only=1")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        check_identity(connection, path)
    except (*SqliteErrors, JournalUnreadable):
        connection.close()
        raise
    return connection


def _has_log(path: Path) -> bool:
    """Whether the file is not whole without what lies beside it."""
    for suffix in ("-wal", "-journal"):
        with suppress(OSError):
            if path.with_name(path.name + suffix).stat().st_size > 0:
                return True
    return False


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open or create the journal at `path` for writing. Raises JournalUnreadable.

    With a write-ahead log, so that readers and the writer do not wait for one another; on a network
    share or in another folder where processes cannot share memory, with a plain one.
    """
    made = make_file(path)
    try:
        return _open_writer_somehow(path)
    except (*SqliteErrors, OSError) as error:
        raise unreadable(path, error) from error
    finally:
        with suppress(OSError):
            if made and path.stat().st_size == 0:
                path.unlink()


def make_file(path: Path) -> bool:
    """Make an empty file that only this user may read; return whether there was none.

    SQLite gives what it puts beside the file the same rights. Raises JournalUnreadable.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    except OSError as error:
        raise JournalUnreadable(path, Unreadable.CANNOT_OPEN, str(error)) from error
    return True


def _open_writer_somehow(path: Path) -> sqlite3.Connection:
    try:
        return _open_writer(path, shared=True)
    except sqlite3.OperationalError as error:
        if error_code(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL):
            with suppress(sqlite3.Error):
                return _open_writer(path, shared=False)
        raise


def _open_writer(path: Path, *, shared: bool) -> sqlite3.Connection:
    connection = connect(path, "rw")
    try:
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")  # of no effect on an existing file
        connection.execute("PRAGMA secure_delete=OFF")  # Debian's default is on: half the speed
        connection.execute(f"PRAGMA journal_size_limit={WAL_BYTES}")
        if not shared:
            # Locked for itself alone, a connection needs no shared memory to take over what a
            # write-ahead log holds.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        if path.stat().st_size == 0:
            _create(connection)
        check_identity(connection, path)
        _choose_log(connection, "wal" if shared else "truncate")
    except (*SqliteErrors, JournalUnreadable):
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables, not through a log: from the first moment on the file itself has them.

    There is nothing in it yet that a power cut could cost.
    """
    connection.execute("PRAGMA journal_mode=MEMORY")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN IMMEDIATE")
    create(connection)
    set_views(connection)
    connection.execute("COMMIT")


def _choose_log(connection: sqlite3.Connection, mode: str) -> None:
    (got,) = connection.execute(f"PRAGMA journal_mode={mode}").fetchone()
    if got != mode:
        raise sqlite3.OperationalError(f"journal mode {got}")
    connection.execute("PRAGMA locking_mode=NORMAL").fetchall()
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    migrate(connection)  # it writes, too, where there is no step to take: so it shows if one can
    set_views(connection)
    connection.execute("COMMIT")
