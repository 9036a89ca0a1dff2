"""Many rows in one SQL statement.

The sqlite3 module gives up the interpreter lock for every step of a statement and then has to
wait for it, up to 5 ms beside a busy thread. One INSERT of 2,048 rows is one step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Any

_GROUPS = (2048, 512, 128, 32, 8, 1)


def write_rows(
    connection: sqlite3.Connection,
    head: str,
    rows: Sequence[tuple[Any, ...]],
    tail: str = "",
) -> None:
    """Execute `head VALUES (…),(…),… tail` for all `rows`, in as few statements as it takes."""
    if not rows:
        return
    width = len(rows[0])
    most = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // width
    start = 0
    for group in _GROUPS:
        if group > most:
            continue
        while len(rows) - start >= group:
            part = rows[start : start + group]
            connection.execute(
                _statement(head, width, group, tail), tuple(chain.from_iterable(part))
            )
            start += group


def _statement(head: str, width: int, count: int, tail: str) -> str:
    row = f"({','.join('?' * width)})"
    return f"{head} VALUES {','.join([row] * count)} {tail}"
