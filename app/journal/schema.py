"""The journal's file: its tables, its views, and how a connection to it is opened.

The tables are ours and may change with `VERSION`; the three views `chunks`, `events` and `clients`
are for outside tools, and their names and columns stay.

Columns that are looked at without the bytes stand before `data`, so that SQLite need not read a
large chunk's overflow pages to find them. There is no index over (client, kind): see `trail`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.journal.entry import Kind
from app.journal.errors import JournalUnreadable, Unreadable

APPLICATION_ID = 0x506F7274  # "Port"
VERSION = 1
PAGE_BYTES = 16_384  # beside 4 KiB pages, deleting the oldest is several times as fast
WAL_BYTES = 64 * 1024 * 1024  # the log file is cut back to this after a checkpoint

ENTRY_COLUMNS = "id, time_ns, mono_ns, client_id, kind, offset, data, encoding"

_TABLES = """
CREATE TABLE entry(
    id INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, mono_ns INTEGER NOT NULL,
    client_id INTEGER NOT NULL, kind INTEGER NOT NULL, offset INTEGER NOT NULL,
    encoding TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE client(
    client_id INTEGER PRIMARY KEY, host TEXT NOT NULL, port INTEGER NOT NULL,
    encoding TEXT NOT NULL, opened_ns INTEGER NOT NULL, closed_ns INTEGER NOT NULL,
    reason TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE run(
    run_id INTEGER PRIMARY KEY, opened_ns INTEGER NOT NULL, closed_ns INTEGER NOT NULL);
CREATE TABLE block(first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL);
CREATE TABLE trail(
    first_id INTEGER NOT NULL, client_id INTEGER NOT NULL, kind INTEGER NOT NULL,
    ids BLOB NOT NULL, PRIMARY KEY(first_id, client_id, kind)) WITHOUT ROWID;
"""


def _view_statements() -> list[str]:
    names = " ".join(f"WHEN {kind.value} THEN '{kind.name.lower()}'" for kind in Kind)
    return [
        "CREATE VIEW chunks AS SELECT e.id, e.time_ns, e.client_id, c.host, c.port,"
        " CASE e.kind WHEN 0 THEN 'in' ELSE 'out' END AS direction, e.data"
        " FROM entry e LEFT JOIN client c ON c.client_id = e.client_id WHERE e.kind <= 1",
        f"CREATE VIEW events AS SELECT id, time_ns, client_id, CASE kind {names}"
        " ELSE CAST(kind AS TEXT) END AS kind, CAST(data AS TEXT) AS detail"
        " FROM entry WHERE kind > 1",
        "CREATE VIEW clients AS SELECT client_id, host, port, encoding, opened_ns,"
        " NULLIF(closed_ns, 0) AS closed_ns, reason FROM client",
    ]


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open or create the journal at `path` for writing.

    The connection may be handed to another thread. Raises JournalUnreadable.
    """
    try:
        connection = sqlite3.connect(
            path, timeout=1.0, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise JournalUnreadable(path, Unreadable.CANNOT_OPEN, str(error)) from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise unreadable(path, error) from error
    except JournalUnreadable:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")  # of no effect on an existing file
    fresh = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if not fresh:
        check_identity(connection, path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=OFF")  # Debian's default is on: half the speed
    connection.execute(f"PRAGMA journal_size_limit={WAL_BYTES}")
    connection.execute("BEGIN IMMEDIATE")
    if fresh:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={VERSION}")
    for view, statement in zip(("chunks", "events", "clients"), _view_statements(), strict=True):
        connection.execute(f"DROP VIEW IF EXISTS {view}")  # an older program knew fewer kinds
        connection.execute(statement)
    connection.execute("COMMIT")


def check_identity(connection: sqlite3.Connection, path: Path) -> None:
    """Raise JournalUnreadable if the open database is not a journal that we can read."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise JournalUnreadable(path, Unreadable.NOT_A_JOURNAL)
    if connection.execute("PRAGMA user_version").fetchone()[0] > VERSION:
        raise JournalUnreadable(path, Unreadable.NEWER)


def unreadable(path: Path, error: sqlite3.Error) -> JournalUnreadable:
    """Say what SQLite's `error` means for the file at `path`."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    faults = {
        sqlite3.SQLITE_NOTADB: Unreadable.NOT_A_JOURNAL,
        sqlite3.SQLITE_CORRUPT: Unreadable.DAMAGED,
        sqlite3.SQLITE_ERROR: Unreadable.DAMAGED,  # a table that should be there is not
    }
    return JournalUnreadable(path, faults.get(code, Unreadable.CANNOT_OPEN), str(error))
