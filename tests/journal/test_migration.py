"""Journals of version 1: read as they are, migrated when they are continued, whole when killed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from app.journal.entry import ClientRecord, Entry, Kind, Opening
from app.journal.journal import Journal
from app.journal.opening import connect
from app.journal.reader import Reader
from app.journal.schema import VERSION, migrate, set_views, version_of
from tests.journal.hostile import make

ROOT = Path(__file__).resolve().parents[2]


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return version_of(connection)


def content(path: Path) -> tuple[list[Entry], dict[int, ClientRecord]]:
    with closing(Reader(path)) as reader:
        return reader.entries(1, 1_000), reader.clients()


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT name, sql FROM sqlite_schema"))


def test_an_old_journal_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make(path)
    before = path.read_bytes()
    with closing(Reader(path)) as reader:
        assert [c.host for c in reader.clients().values()] == [f"192.168.1.{n}" for n in (1, 2, 3)]
        assert {c[8:] for c in reader.clients().values()} == {(1, "", 0, "client", 0)}
        assert reader.client(2) == reader.newest_clients(9)[0][2]
        assert reader.openings() == []
    assert path.read_bytes() == before


def test_an_old_journal_that_goes_on_is_migrated(tmp_path: Path) -> None:
    path, new = tmp_path / "old.db", tmp_path / "new.db"
    make(path)
    entries, clients = content(path)
    with closing(Journal(path)) as journal:
        number = journal.new_client_id()
        assert number == 4
        journal.add_opening(Opening(2, "tcp", "车载", '[["::", 5]]', 7))
        journal.add_client(ClientRecord(number, "::1", 5, "gbk", 9, 0, "", "", 2, "::2", 8080))
        journal.append_event(number, Kind.ONLINE)
    Journal(new).close()
    assert version(path) == version(new) == VERSION
    assert schema(path) == schema(new)  # nobody sees where it came from
    after, known = content(path)
    assert after[:-1] == entries
    assert {n: known[n] for n in clients} == clients
    assert known[4].server_id == 2
    assert (known[4].local_host, known[4].local_port) == ("::2", 8080)
    with closing(Reader(path)) as reader:
        assert reader.openings() == [Opening(2, "tcp", "车载", '[["::", 5]]', 7)]


def test_what_is_on_its_way_is_read_too(tmp_path: Path) -> None:
    with (
        closing(Journal(tmp_path / "live.db")) as journal,
        closing(journal.reader()) as reader,
    ):
        journal.add_opening(Opening(1, "tcp", "", "[]", 7))
        journal.add_client(ClientRecord(1, "::1", 5, "gbk", 9, server_id=3))
        assert reader.openings()[-1] == Opening(1, "tcp", "", "[]", 7)
        found = reader.client(1)
        assert found is not None
        assert found.server_id == 3
        assert reader.encodings() == {"gbk"}


def killed_at(path: Path, statement: int) -> None:
    """Migrate, and end without a word when so many statements have begun. In a child."""
    connection = connect(path, "rw")
    connection.execute("PRAGMA journal_mode=WAL")
    seen = count()
    connection.set_trace_callback(lambda _: os._exit(9) if next(seen) == statement else None)
    connection.execute("BEGIN IMMEDIATE")
    migrate(connection)
    set_views(connection)
    connection.execute("COMMIT")


@pytest.mark.parametrize("statement", [1, 2, 4, 7, 9, 12])
def test_a_migration_that_is_killed_has_not_begun(statement: int, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make(path)
    entries, clients = content(path)
    program = (
        f"from tests.journal.test_migration import *; killed_at(Path({str(path)!r}), {statement})"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 9
    assert content(path) == (entries, clients)
    assert version(path) == 1
    with closing(Journal(path)):
        assert version(path) == VERSION
    assert content(path) == (entries, clients)
