"""Which entries are looked at closer: those that SQL proposes, or the sieve."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal.entry import Kind
from app.journal.find import Accept, Match
from app.journal.needle import Needle, may_hold, sql_condition
from app.journal.pattern import Pattern
from app.journal.sieve import sifted
from tests.journal.conftest import Opened, Reading, Source
from tests.journal.finding import fill, search
from tests.support.wait import wait_until


@given(st.lists(st.binary(max_size=12), max_size=20), st.binary(min_size=1, max_size=12))
def test_sql_and_python_propose_alike(rows: list[bytes], pattern: bytes) -> None:
    condition, values = sql_condition([Pattern.of(pattern)])
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE entry(data BLOB)")
        connection.executemany("INSERT INTO entry VALUES (?)", [(row,) for row in rows])
        sql = f"SELECT rowid FROM entry WHERE {condition}"
        proposed = {row[0] for row in connection.execute(sql, values)}
    assert proposed >= {n for n, row in enumerate(rows, 1) if may_hold(row, [Pattern.of(pattern)])}


def test_a_pattern_that_every_line_begins_is_sifted(
    opened: Opened, reading: Reading, source: Source
) -> None:
    """The end of each line proposes it; whole streams are looked through instead."""
    journal = opened()
    lines = [(1 + n % 3, f"line {n}\r\n".encode()) for n in range(3_000)]
    lines[2_500:2_500] = [(1, b"~whole\r\n~"), (2, b"other"), (1, b"~")]
    fill(journal, lines)
    wait_until(lambda: journal.stored_id == len(lines))
    reader = reading(source(journal))
    needle = Needle.of_hex("0D 0A 7E")
    before = max(n for n, (client, _) in enumerate(lines[:2_500], 1) if client == 1)
    expected = [Match(before, len(lines[before - 1][1]) - 2, 3, 2_501), Match(2_501, 6, 3, 2_501)]
    assert search(reader, needle) == expected[0]
    assert search(reader, needle, before + 1) == expected[1]
    assert search(reader, needle, len(lines), forward=False) == expected[1]
    assert search(reader, needle, 2_500, forward=False) == expected[0]
    assert search(reader, needle, 2_502) is None
    for accept in (Accept(clients=frozenset({2})), Accept(kinds=frozenset({int(Kind.OUT)}))):
        assert search(reader, needle, accept=accept) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.binary(min_size=1, max_size=4)), max_size=30),
    st.binary(min_size=1, max_size=5),
)
def test_what_is_sifted_holds_every_beginning(
    parts: list[tuple[int, bytes]], pattern: bytes
) -> None:
    """Small alphabets make matches: every byte is reduced to one of three."""
    pattern = bytes(byte % 3 for byte in pattern)
    chunks = [
        (entry_id, client, 0, bytes(byte % 3 for byte in data))
        for entry_id, (client, data) in enumerate(parts, 1)
    ]
    found = set(sifted(chunks, ((Pattern.of(pattern),), ())))
    expected = set()
    for client in (1, 2, 3):
        own = [chunk for chunk in chunks if chunk[1] == client]
        owner = [chunk[0] for chunk in own for _ in chunk[3]]
        whole = b"".join(chunk[3] for chunk in own)
        expected |= {
            owner[at] for at in range(len(whole)) if whole[at:].startswith(pattern)
            or pattern.startswith(whole[at:])
        }  # fmt: skip
    assert found == expected
