"""Traced calls as text and as CSV (RFC 4180), for a report or a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.evidence import table
from app.evidence.table import defused
from app.teaching.call_text import call_text, result_text, whole_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from app.teaching.calls import Call

    Names = Mapping[int, str]  # of the lanes

_COLUMNS = ("seconds", "thread", "call", "result", "duration_us", "client")


def call_line(call: Call, thread: str) -> str:
    """Return a call as a line: `worker-2  recv(1024) → b'…'`."""
    return f"{thread.split(' ')[0]}  {whole_text(call)}"


def as_lines(calls: Iterable[Call], names: Names, cancelled: Callable[[], bool]) -> str:
    """Return calls as lines, for the clipboard; "" if cancelled. Any thread."""
    lines = []
    for call in calls:
        if cancelled():
            return ""
        lines.append(call_line(call, names.get(call.lane, "")))
    return "\n".join(lines)


def text_pieces(calls: Sequence[Call], names: Names, begin_ns: int, batch: int) -> Iterator[bytes]:
    """Yield a line for each call: when it returned, thread, call and result. Any thread."""
    for at in range(0, len(calls), batch):
        yield "".join(
            f"{seconds(call, begin_ns)}  {names.get(call.lane, '')}  {whole_text(call)}\n"
            for call in calls[at : at + batch]
        ).encode()


def csv_pieces(calls: Sequence[Call], names: Names, begin_ns: int, batch: int) -> Iterator[bytes]:
    """Yield a row for each call."""
    starts = range(0, max(len(calls), 1), batch)
    return table.csv_pieces(
        _COLUMNS, ((_cells(c, names, begin_ns) for c in calls[at : at + batch]) for at in starts)
    )


def _cells(call: Call, names: Names, begin_ns: int) -> tuple[object, ...]:
    return (
        seconds(call, begin_ns),
        defused(names.get(call.lane, "")),
        defused(call_text(call)),
        defused(result_text(call)),
        f"{(call.end_ns - call.begin_ns) / 1000:.1f}",
        call.client_id or "",
    )


def seconds(call: Call, begin_ns: int) -> str:
    """When a call returned, in seconds after `begin_ns`: in this order calls are listed."""
    return f"{(call.end_ns - begin_ns) / 1e9:.6f}"
