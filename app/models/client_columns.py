"""The columns of the client table."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt


class Column(IntEnum):
    """What stands in which column, in the order at first. Layouts are stored by name."""

    NUMBER = 0
    ADDRESS = 1
    STATE = 2
    ENCODING = 3
    BYTES_IN = 4
    BYTES_OUT = 5
    WAITING = 6
    IDLE = 7
    REASON = 8
    THREAD = 9
    SINCE = 10
    NOTE = 11


SIZES = (Column.BYTES_IN, Column.BYTES_OUT, Column.WAITING)
# Numbers, aligned right.
NUMERIC = frozenset({Column.NUMBER, *SIZES, Column.IDLE})
# Twelve columns do not fit; these wait in the header's menu.
HIDDEN_AT_FIRST = frozenset({Column.THREAD, Column.SINCE, Column.NOTE})
# Never changes while a client is in the table: sorted by one of these, the order is final.
CONSTANT = frozenset({Column.NUMBER, Column.ADDRESS, Column.THREAD, Column.SINCE})
EDITABLE = frozenset({Column.ENCODING, Column.NOTE})


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Return how a column and its title are aligned."""
    side = Qt.AlignmentFlag.AlignRight if column in NUMERIC else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
