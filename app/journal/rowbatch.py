"""Many rows in few SQL statements.

The sqlite3 module gives up the interpreter lock for every step of a statement and then has to get
it back: beside fifty busy workers about 1 ms each time. So one statement inserts up to 2,048 rows.
Statements are kept for powers of two; the last few rows are filled up to one with rows of NULLs,
which the statement passes over (2 µs each).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

MOST_ROWS = 2_048  # rows in a statement
_FILLED = 64  # rows of NULLs in a statement at most


def insert_rows(connection: sqlite3.Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Execute `into`, an INSERT up to the column names, for all `rows`; no first value is NULL."""
    _execute(connection, f"{into} SELECT * FROM", rows, "WHERE column1 IS NOT NULL")


def fit_one_statement(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether `insert_rows` executes no more than one statement for all `rows`."""
    return not rows or _group(len(rows), _most(connection, rows)) >= len(rows)


def update_rows(
    connection: sqlite3.Connection, columns: str, rows: Sequence[tuple[Any, ...]], update: str
) -> None:
    """Execute `update`, which sees `rows` as a table `new(columns)`; it must pass over NULLs."""
    _execute(connection, f"WITH new({columns}) AS", rows, update)


def _execute(
    connection: sqlite3.Connection, head: str, rows: Sequence[tuple[Any, ...]], tail: str
) -> None:
    if not rows:
        return
    width = len(rows[0])
    most = _most(connection, rows)
    start = 0
    while start < len(rows):
        group = _group(len(rows) - start, most)
        part = rows[start : start + group]
        values = (*chain.from_iterable(part), *(None,) * (width * (group - len(part))))
        connection.execute(_statement(head, width, group, tail), values)
        start += group


def _most(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> int:
    width = len(rows[0])
    return min(MOST_ROWS, connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // width)


def _group(count: int, most: int) -> int:
    """Return the rows of the next statement: a power of two up to `most`, or a little above."""
    below = 1 << min(count, most).bit_length() - 1
    return below * 2 if below < count <= below * 2 <= min(count + _FILLED, most) else below


@lru_cache(maxsize=64)
def _statement(head: str, width: int, count: int, tail: str) -> str:
    row = f"({','.join('?' * width)})"
    return f"{head} (VALUES {','.join([row] * count)}) {tail}"
