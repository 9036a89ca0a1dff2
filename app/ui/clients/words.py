"""What stands in a cell of the client table."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.models.client_table import Column
from app.net.facts import ClientState
from app.wording import tr
from app.wording.amounts import clock_text, exact_size_text, idle_text, size_text
from app.wording.sentences import close_reason_text, encoding_label

if TYPE_CHECKING:
    from app.models.client_row import ClientRow


def column_title(column: Column) -> str:
    """The header of a column."""
    return tr(f"clients.column_{column.name.lower()}")


def cell_text(row: ClientRow, column: Column, now_mono_ns: int | None = None) -> str:
    """The text of a cell."""
    if column is Column.NUMBER:
        return str(row.client_id)
    if column is Column.ADDRESS:
        mark = tr("clients.demo_mark") if row.is_demo else ""
        return f"{row.endpoint}{mark}"
    if column is Column.STATE:
        return tr(f"clients.state_{row.state}")
    if column is Column.ENCODING:
        return encoding_label(row.encoding)
    if column in (Column.BYTES_IN, Column.BYTES_OUT, Column.WAITING):
        return size_text(row.counts[column - Column.BYTES_IN])
    if column is Column.IDLE:
        now_ns = time.monotonic_ns() if now_mono_ns is None else now_mono_ns
        return idle_text(row.idle_ns(now_ns) // 1_000_000_000)
    if column is Column.REASON:
        return close_reason_text(row.reason) if row.reason else ""
    if column is Column.THREAD:
        return row.thread_name
    if column is Column.SINCE:
        return clock_text(row.opened_ns)
    return row.note


def cell_tip(row: ClientRow, column: Column) -> str:
    """The tooltip of a cell: the exact number, or what does not fit."""
    if column in (Column.BYTES_IN, Column.BYTES_OUT, Column.WAITING):
        return exact_size_text(row.counts[column - Column.BYTES_IN])
    if column is Column.STATE and row.state is not ClientState.ONLINE:
        return tr(f"clients.state_{row.state}_tip")
    if column is Column.ENCODING:
        return tr("clients.encoding_tip")
    return cell_text(row, column)
