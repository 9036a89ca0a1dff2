"""Journals that no writer of ours has written, and everything that is done with one."""

from __future__ import annotations

import random
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from app.evidence.form import Format
from app.evidence.formats import preview
from app.evidence.selection import Selection
from app.evidence.source import Source
from app.journal.context import ContextDecoder
from app.journal.entry import Kind
from app.journal.errors import JournalError, JournalUnreadable
from app.journal.find import find
from app.journal.journal import Journal
from app.journal.needle import Needle
from app.journal.reader import Reader
from app.journal.shelf import Shelf
from app.models.log_row import RowMaker
from app.wording.amounts import clock_text
from app.wording.journal_servers import JournalServers

OLD = Path(__file__).with_name("version_1.sql")

VALUES: list[object] = [
    None, "", "abc", "\x00", "9" * 30, "x" * 30_000, b"", b"\xff\xfe", b"1234567",
    (1).to_bytes(8, "little") + (-(1 << 29)).to_bytes(8, "little", signed=True),
    (5).to_bytes(8, "little") * 4_000, 0, -1, 2, 12, 1 << 31, 1 << 40, 1 << 62, (1 << 63) - 1,
    -(1 << 63), 1.5, -1e300, float("inf"), b'{"a":' + b"[" * 5_000, b"[1]", b"{",
]  # fmt: skip
COLUMNS = {
    "entry": ["id", "time_ns", "mono_ns", "client_id", "kind", "offset", "encoding", "data"],
    "client": [
        "client_id", "host", "port", "encoding", "opened_ns", "closed_ns", "reason", "note",
    ],
    "run": ["run_id", "opened_ns", "closed_ns"],
    "block": ["first_id", "last_id"],
    "trail": ["first_id", "client_id", "kind", "ids"],
}  # fmt: skip
SCHEMAS = [
    *(f"ALTER TABLE {table} RENAME TO other" for table in COLUMNS),
    *(f"DROP TABLE {table}" for table in COLUMNS),
    *(
        f"ALTER TABLE {table} RENAME TO other; CREATE VIEW {table} AS SELECT * FROM other"
        for table in COLUMNS
    ),
    *(
        f"ALTER TABLE {table} RENAME COLUMN {columns[-1]} TO gone"
        for table, columns in COLUMNS.items()
    ),
    *(f"ALTER TABLE {table} ADD COLUMN more" for table in COLUMNS),
    "DROP TABLE entry; CREATE VIEW entry AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT"
    " id + 1 FROM n) SELECT id, 0 time_ns, 0 mono_ns, 1 client_id, 0 kind, 0 offset, '' encoding,"
    " zeroblob(1000000000) data FROM n",
    "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM client; END",
    "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM entry; END",
    "DROP TABLE entry; CREATE TABLE entry(id TEXT, time_ns, mono_ns, client_id, kind, offset,"
    " encoding, data AS (zeroblob(1000000000)))",
    "PRAGMA application_id=1",
    "PRAGMA user_version=2",  # with the tables of version 1
    "PRAGMA user_version=3",
    "PRAGMA user_version=4",
    "PRAGMA user_version=-7",
    "DELETE FROM block",
    "DELETE FROM entry",
    "DELETE FROM entry; DELETE FROM block; DELETE FROM trail; DELETE FROM run; DELETE FROM client",
]


def make(path: Path) -> None:
    """Write a journal as version 1 of the file did."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))


def change_values(path: Path, mixed: random.Random) -> None:
    """Put values where their column does not expect them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        before = connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '')")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for _ in range(mixed.choice([1, 1, 1, 2, 5])):
            table = mixed.choice([*COLUMNS, "trail", "block"])
            column = mixed.choice(COLUMNS[table])
            where = mixed.choice(
                [
                    "",
                    f"WHERE {COLUMNS[table][0]} = (SELECT {mixed.choice(['min', 'max'])}"
                    f"({COLUMNS[table][0]}) FROM {table})",
                ]
            )
            with suppress(sqlite3.IntegrityError):
                sql = f"UPDATE {table} SET {column} = ? {where}"
                connection.execute(sql, (mixed.choice(VALUES),))
        connection.execute("PRAGMA writable_schema=ON")
        for name, sql in before:
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, name))


def change_schema(path: Path, mixed: random.Random) -> None:
    """Let it have other tables, or something else in a table's place."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP VIEW chunks; DROP VIEW events; DROP VIEW clients;")
        connection.executescript(mixed.choice(SCHEMAS))


def flip_bytes(path: Path, mixed: random.Random) -> None:
    """Damage some bytes anywhere, or near each other."""
    content = bytearray(path.read_bytes())
    start = mixed.randrange(len(content))
    for _ in range(mixed.choice([1, 3, 30, 300])):
        at = mixed.choice([mixed.randrange(len(content)), start + mixed.randrange(64)])
        content[at % len(content)] = mixed.choice([0, 0xFF, 0x80, mixed.randrange(256)])
    path.write_bytes(content)


def cut(path: Path, mixed: random.Random) -> None:
    """Lose the end."""
    content = path.read_bytes()
    path.write_bytes(content[: mixed.randrange(len(content))])


CHANGES: list[Callable[[Path, random.Random], None]] = [
    change_values, change_values, change_schema, flip_bytes, flip_bytes, cut,
]  # fmt: skip


def read_all(path: Path) -> None:
    """Do with an old journal whatever can be done. Raises JournalUnreadable alone."""
    with closing(Reader(path)) as reader:
        last_id = reader.last_id
        chosen = frozenset({1}), frozenset({0, 1})
        contexts = ContextDecoder(reader, lambda _id: "gbk")
        for entry in reader.entries(reader.first_id, 500):
            shown = contexts.decode(entry)
            assert isinstance(shown.text, str)
            assert isinstance(entry.data, bytes)
            if shown.unsure:
                contexts.settle(entry)
        for match in (reader.matching_ids, reader.matching_back):
            for clients, kinds in (chosen, (None, None), (None, chosen[1])):
                ids = match(clients, kinds, 50, 5_000)
                assert len(ids) <= 5_000
                reader.pick(ids[:500])
        for client_id in (0, 1, 2):
            for kind in (0, 1, 3):
                reader.back(client_id, kind, last_id + 1, 50)
                reader.ahead(client_id, kind, 0, 50)
        for needle in (Needle.of_text("条\n"), Needle.of_hex("0a"), Needle.of_text("没有")):
            find(reader, needle, 1, encoding_of=lambda _id: "gbk", encodings=["gbk"])
            find(reader, needle, last_id, False, encoding_of=lambda _id: "gbk", encodings=["gbk"])
        for record in reader.clients().values():
            assert isinstance(record.host, str)
            reader.client(record.client_id)
        some = Selection(ranges=[(reader.first_id, min(reader.first_id + 500, last_id))])
        for form in Format:
            preview(Source(reader, some), form, 1 << 30)
        servers = JournalServers(reader, reader.client)
        rows = RowMaker(contexts, lambda _id: None, lambda: 0, servers)
        for entry in reader.entries(reader.first_id, 500):
            rows.make(entry)
            clock_text(entry.time_ns)


def go_on(path: Path) -> None:
    """Continue it as the live journal. Raises JournalError alone."""
    journal = Journal(path)
    try:
        client_id = journal.new_client_id()
        journal.append(client_id, Kind.IN, b"more")
        with closing(journal.reader()) as reader:
            reader.back(client_id, Kind.IN, journal.last_id + 1, 1)
            reader.entries(journal.last_id - 5, 10)
    finally:
        journal.close(deadline_s=0.1)


def try_case(number: int, folder: Path) -> str:
    """Make the `number`-th journal in `folder` and use it; return what went wrong, or ""."""
    mixed = random.Random(number)
    path = folder / "portside-1.db"
    for left in folder.iterdir():
        left.unlink()
    make(path)
    change = mixed.choice(CHANGES)
    change(path, mixed)
    for use in (read_all, Shelf.journals, go_on):
        try:
            use(Shelf(folder) if use is Shelf.journals else path)  # type: ignore[operator]
        except JournalUnreadable:
            continue
        except JournalError as error:
            return f"{number} {change.__name__}: {use.__name__}: {error!r}"
        except Exception:  # noqa: BLE001 - what is looked for
            return f"{number} {change.__name__}: {use.__name__}: {traceback.format_exc()}"
    return ""
