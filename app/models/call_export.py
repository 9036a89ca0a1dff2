"""Traced calls as text and as CSV (RFC 4180), for a report or a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from app.teaching.call_text import call_text, result_text, whole_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.teaching.calls import Call

_COLUMNS = ("seconds", "thread", "call", "result", "duration_us", "client")


def as_text(calls: Iterable[Call], name_of: Callable[[int], str], begin_ns: int) -> str:
    """Return a line for each call: when it returned, thread, call and result."""
    return "".join(
        f"{seconds(call, begin_ns)}  {name_of(call.lane)}  {whole_text(call)}\n" for call in calls
    )


def as_csv(calls: Iterable[Call], name_of: Callable[[int], str], begin_ns: int) -> str:
    """Return a row for each call. What a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for call in calls:
        writer.writerow(
            (
                seconds(call, begin_ns),
                _inert(name_of(call.lane)),
                _inert(call_text(call)),
                _inert(result_text(call)),
                f"{(call.end_ns - call.begin_ns) / 1000:.1f}",
                call.client_id or "",
            )
        )
    return out.getvalue()


def seconds(call: Call, begin_ns: int) -> str:
    """When a call returned, in seconds after `begin_ns`: in this order calls are listed."""
    return f"{(call.end_ns - begin_ns) / 1e9:.6f}"


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
