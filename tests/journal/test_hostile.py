"""Journals from somebody else, or damaged: read as far as it goes, refused, or nothing else."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.journal.errors import JournalUnreadable
from app.journal.journal import Journal
from app.journal.reader import Reader
from tests.journal.hostile import SCHEMAS, make, read_all
from tests.support.machine import here_s

CHILD = Path(__file__).with_name("hostile_child.py")
CASES = 60
SLOWEST_S = 5.0  # of the processor's time, for everything that can be done with one


@pytest.mark.skipif(sys.platform == "win32", reason="bounds its memory by a POSIX limit")
@pytest.mark.parametrize("first", [0, 100_000])
def test_no_journal_breaks_a_reader_or_takes_long_or_much(first: int) -> None:
    done = subprocess.run(
        [sys.executable, str(CHILD), str(first), str(CASES)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["slowest"][0] < here_s(SLOWEST_S)


def changed(path: Path, script: str) -> Path:
    make(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP VIEW chunks; DROP VIEW events; DROP VIEW clients;")
        connection.executescript(script)
    return path


@pytest.mark.parametrize("script", [script for script in SCHEMAS if "DELETE FROM" not in script])
def test_other_tables_are_refused_and_left_alone(script: str, path: Path) -> None:
    changed(path, script)
    before = path.read_bytes()
    for use in (read_all, Journal):
        with pytest.raises(JournalUnreadable):
            use(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


RUN = (1).to_bytes(8, "little") + (-(1 << 29)).to_bytes(8, "little", signed=True)


@pytest.mark.parametrize(
    "script",
    [
        f"UPDATE trail SET ids = x'{RUN.hex()}'",
        f"INSERT INTO trail SELECT 1, value, 0, x'{RUN.hex()}' FROM json_each("
        f"'[{','.join(map(str, range(100, 3_000)))}]')",
        "UPDATE trail SET ids = x'01020304050607'",
        "UPDATE trail SET ids = 'text'",
        "UPDATE entry SET data = 'text' WHERE kind = 0",
        "UPDATE entry SET time_ns = -1, kind = -5, client_id = -(1 << 62), offset = 'x'",
        "UPDATE client SET host = x'ff00fe', port = 1 << 40, note = zeroblob(1000000)",
        "UPDATE run SET run_id = 9223372036854775807",
    ],
)
def test_odd_values_are_read_as_what_they_may_be(script: str, path: Path) -> None:
    read_all(changed(path, script))
    with closing(Reader(path)) as reader:
        assert len(reader.matching_ids(None, frozenset(range(99)), 0, 10**6)) <= 126


@pytest.mark.parametrize(
    "script",
    [
        "UPDATE block SET last_id = 1 << 40",
        "UPDATE entry SET id = 1 << 62 WHERE id = (SELECT max(id) FROM entry)",
        "UPDATE entry SET id = -5 WHERE id = 1",
        "UPDATE block SET last_id = 'much'",
        "UPDATE client SET client_id = 9223372036854775807 WHERE client_id = 3;"
        "UPDATE block SET last_id = x'00'",
    ],
)
def test_ids_that_cannot_be_are_refused(script: str, path: Path) -> None:
    changed(path, script)
    for use in (read_all, Journal):
        with pytest.raises(JournalUnreadable):
            use(path)


def test_a_journal_of_the_first_version_is_read_and_continued(path: Path) -> None:
    make(path)
    with closing(Reader(path)) as reader:
        assert (reader.first_id, reader.last_id) == (1, 126)
        assert reader.entry(5).data.decode("gbk") == "第0条\n"  # type: ignore[union-attr]
        assert len(reader.matching_ids(frozenset({3}), frozenset({0}), 0, 999)) == 40
        (last,) = reader.back(3, Kind.IN, 127, 1)
        assert last.data.decode() == "第119条\n"
        assert reader.client(2).note == "秤"  # type: ignore[union-attr]
    journal = Journal(path)
    assert journal.append(1, Kind.IN, b"more") == 127
    assert journal.new_client_id() == 4
    assert journal.close() == 0
    with closing(Reader(path)) as reader:
        assert len(reader.entries(1, 999)) == 127
