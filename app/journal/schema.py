"""The journal's file: its tables, its views, and how its values are read.

The tables are ours and may change with `VERSION`: a new file is made as version 1 and takes every
step since, so that a file that was migrated is the same to the letter. The views are for outside
tools: their names and columns stay, and new columns come last.

Columns that are looked at without the bytes stand before `data`, so that SQLite need not read a
large chunk's overflow pages to find them. There is no index over (client, kind): see `trail`.

A file may come from anybody, or from a damaged disk. Its tables are ours to the letter, or it is
refused; but SQLite holds any value in any column, so every value is brought to its type and into
its range where it is read, by SQL, and no reader of entries meets another.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from app.journal.entry import COMMENT_CHARS, MOST_BOOKMARKS, Kind
from app.journal.errors import JournalUnreadable, Unreadable

APPLICATION_ID = 0x506F7274  # "Port"
VERSION = 3

ENTRY_COLUMNS = "id, time_ns, mono_ns, client_id, kind, offset, data, encoding"


def _number(column: str, most: int) -> str:
    """SQL for a number from 0 to `most`, a power of two less one."""
    return f"ifnull({column} & {most}, 0)"


def _text(column: str, most: int) -> str:
    return f"ifnull(substr(CAST({column} AS TEXT), 1, {most}), '')"


_LONG = (1 << 63) - 1
LARGEST_CLIENT_ID = (1 << 31) - 1  # what a Qt signal carries as an int
CLIENT_ID = _number("client_id", LARGEST_CLIENT_ID)
KIND = _number("kind", LARGEST_CLIENT_ID)
TIME_NS = _number("time_ns", _LONG)
DATA = "ifnull(CAST(data AS BLOB), x'')"
ENCODING = _text("encoding", 64)

READ_ENCODING = f"CASE encoding WHEN '' THEN '' ELSE {ENCODING} END"
# What is read, in the order of the fields of `Entry` and of `ClientRecord`.
READ_ENTRIES = (
    f"SELECT id, {TIME_NS}, {_number('mono_ns', _LONG)}, {CLIENT_ID}, {KIND},"
    f" {_number('offset', _LONG)}, {DATA}, {READ_ENCODING}"
    " FROM entry"
)
_CLIENTS = (
    f"SELECT {CLIENT_ID}, {_text('host', 255)}, {_number('port', 0xFFFF)}, {ENCODING},"
    f" {_number('opened_ns', _LONG)}, {_number('closed_ns', _LONG)}, {_text('reason', 64)},"
    f" {_text('note', 10_000)}"
)
_SERVER_ID = _number("server_id", LARGEST_CLIENT_ID)
_OPENINGS = (
    f"SELECT {_SERVER_ID}, {_text('kind', 64)}, {_text('name', 200)}, {_text('endpoints', 10_000)},"
    f" {_number('opened_ns', _LONG)} FROM opening ORDER BY opening_id"
)
_SERVED_CLIENTS = (
    f"{_CLIENTS}, {_SERVER_ID}, {_text('local_host', 255)}, {_number('local_port', 0xFFFF)},"
    f" {_text('role', 64)}, {_number('peer_id', LARGEST_CLIENT_ID)} FROM client"
)
_BOOKMARKS = (
    f"SELECT entry_id, {_text('comment', COMMENT_CHARS)} FROM bookmark"
    f" WHERE entry_id BETWEEN ? AND ? ORDER BY entry_id LIMIT {MOST_BOOKMARKS}"
)


class Columns(NamedTuple):
    """How a file of one version is read; what it does not have is read as its default."""

    clients: str
    openings: str = ""  # "": it has none
    bookmarks: str = ""  # the same


COLUMNS = {
    1: Columns(f"{_CLIENTS} FROM client"),
    2: Columns(_SERVED_CLIENTS, _OPENINGS),
    3: Columns(_SERVED_CLIENTS, _OPENINGS, _BOOKMARKS),
}

_STEPS = {}  # version -> the statements that lead to it from the one before
_STEPS[1] = """
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
_STEPS[2] = """
ALTER TABLE client ADD COLUMN server_id INTEGER NOT NULL DEFAULT 1;
ALTER TABLE client ADD COLUMN local_host TEXT NOT NULL DEFAULT '';
ALTER TABLE client ADD COLUMN local_port INTEGER NOT NULL DEFAULT 0;
ALTER TABLE client ADD COLUMN role TEXT NOT NULL DEFAULT 'client';
ALTER TABLE client ADD COLUMN peer_id INTEGER NOT NULL DEFAULT 0;
CREATE TABLE opening(
    opening_id INTEGER PRIMARY KEY, server_id INTEGER NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, endpoints TEXT NOT NULL, opened_ns INTEGER NOT NULL);
"""
_STEPS[3] = "CREATE TABLE bookmark(entry_id INTEGER PRIMARY KEY, comment TEXT NOT NULL);"
_VIEWS = ("chunks", "events", "clients", "servers", "bookmarks")


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
        " NULLIF(closed_ns, 0) AS closed_ns, reason, server_id, local_host, local_port, role,"
        " NULLIF(peer_id, 0) AS peer_id FROM client",
        "CREATE VIEW servers AS SELECT server_id, kind, name, endpoints, opened_ns FROM opening",
        "CREATE VIEW bookmarks AS SELECT b.entry_id, e.time_ns, e.client_id, b.comment"
        " FROM bookmark b JOIN entry e ON e.id = b.entry_id",
    ]


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file. Raises sqlite3.Error."""
    _take_steps(connection, 0, VERSION)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file of an older version to this one, within the caller's transaction."""
    _take_steps(connection, version_of(connection), VERSION)
    connection.execute(f"PRAGMA user_version={VERSION}")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of an open file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _take_steps(connection: sqlite3.Connection, version: int, wanted: int) -> None:
    for step in range(version + 1, wanted + 1):
        for statement in _STEPS[step].split(";"):
            connection.execute(statement)


def set_views(connection: sqlite3.Connection) -> None:
    """Make the views, those anew that an older program made: it knew fewer kinds."""
    found = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'"))
    for view, statement in zip(_VIEWS, _view_statements(), strict=True):
        if found.get(view) != statement:
            connection.execute(f"DROP VIEW IF EXISTS {view}")
            connection.execute(statement)


@lru_cache(maxsize=VERSION)
def _tables(version: int) -> dict[str, str]:
    """Return the SQL of each table of a version as SQLite stores it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        _take_steps(connection, 0, version)
        return dict(connection.execute("SELECT name, sql FROM sqlite_schema"))


def check_identity(connection: sqlite3.Connection, path: Path) -> None:
    """Raise JournalUnreadable if the open database is not a journal that we can read."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise JournalUnreadable(path, Unreadable.NOT_A_JOURNAL)
    version = version_of(connection)
    if not 0 < version <= VERSION:
        fault = Unreadable.NEWER if version > VERSION else Unreadable.DAMAGED
        raise JournalUnreadable(path, fault, f"version {version}")
    found = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
    if any(kind == "trigger" for kind, _, _ in found):  # it would run when we write
        raise JournalUnreadable(path, Unreadable.DAMAGED, "unexpected trigger")
    tables = {name: sql for kind, name, sql in found if kind == "table"}
    for name, sql in _tables(version).items():
        if tables.get(name) != sql:
            raise JournalUnreadable(path, Unreadable.DAMAGED, f"unexpected table: {name}")
