"""The columns of the client table.

To add one: a name here, its text in `client_texts.cell_text` (and what may change of it in
`facts_of`), its order in `client_order`, its width in `app.ui.clients.columns`, and in the
catalogues of both languages `clients.column_<name>` and `clients.column_<name>_tip`.
"""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt


class Column(IntEnum):
    """What stands in which column, in the order at first. Layouts are stored by name."""

    NUMBER = 0
    SERVER = 1  # shown while there are several
    ADDRESS = 2
    STATE = 3
    ENCODING = 4
    BYTES_IN = 5
    BYTES_OUT = 6
    WAITING = 7
    IDLE = 8
    REASON = 9
    THREAD = 10
    SINCE = 11
    NOTE = 12


SIZES = (Column.BYTES_IN, Column.BYTES_OUT, Column.WAITING)
# Numbers, aligned right.
NUMERIC = frozenset({Column.NUMBER, *SIZES, Column.IDLE})
# Thirteen columns do not fit; these wait in the header's menu.
HIDDEN_AT_FIRST = frozenset({Column.THREAD, Column.SINCE, Column.NOTE, Column.SERVER})
# Never changes while a client is in the table: sorted by one of these, the order is final.
CONSTANT = frozenset({Column.NUMBER, Column.ADDRESS, Column.THREAD, Column.SINCE})
EDITABLE = frozenset({Column.ENCODING, Column.NOTE})


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Return how a column and its title are aligned."""
    side = Qt.AlignmentFlag.AlignRight if column in NUMERIC else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
