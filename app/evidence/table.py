"""Entries as CSV (RFC 4180) that Excel and LibreOffice open as it is meant.

They know UTF-8 by its mark only; take text for formulas, numbers and dates; and hold 32,767
characters in a cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

from app.evidence.source import Source, sentence
from app.journal.entry import Entry, Kind
from app.text.hexa import format_hex
from app.text.visible import escaped
from app.wording.amounts import moment_text

Row = Iterable[object]

COLUMNS = (
    *("id", "time", "client", "address", "kind", "offset", "size", "encoding", "text", "hex"),
    *("bookmark", "comment", "server"),
)
_KINDS = frozenset(int(kind) for kind in Kind)
CELL_CHARS = 32_000  # Excel breaks a row at 32,767
_FORMULA = re.compile("\\s*[=+\\-@\t\r＝＋－＠]")
# What a spreadsheet would show as another number, date or truth than it says.
_DIGITS = r"[\d\s.,:/%$\u00a5\uffe5\u20ac\u00a3+\-()apme"
_DIGITS += (
    r"\u5e74\u6708\u65e5\u65f6\u6642\u5206\u79d2\u4e0a\u4e0b\u5348]*"  # of Chinese dates and times
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_CHANGED = re.compile(
    rf"(?=.*\d)({_DIGITS}|[\d\s,.\-/]*({_MONTHS})[a-z]*[\d\s,.\-/:apm]*)|true|false",
    re.IGNORECASE,
)


def defused(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def inert(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula, a number or a date."""
    return f"'{text}" if _CHANGED.fullmatch(text, endpos=64) else defused(text)


def csv_pieces(columns: Row, batches: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """Yield the mark and the columns' names, and then a piece for each batch of rows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    yield codecs.BOM_UTF8 + out.getvalue().encode()
    for batch in batches:
        out.seek(0)
        out.truncate()
        writer.writerows(batch)
        yield out.getvalue().encode("utf-8", "replace")


def entry_pieces(source: Source) -> Iterator[bytes]:
    """Yield a row for each entry. A cell that is too long for Excel ends with an ellipsis."""
    batches = ([_cells(source, entry) for entry in entries] for entries in source.batches())
    return csv_pieces(COLUMNS, batches)


def _cells(source: Source, entry: Entry) -> tuple[object, ...]:
    time = moment_text(entry.time_ns).replace(" ", "T")  # Excel shows no seconds of the other
    kind = Kind(entry.kind).name.lower() if entry.kind in _KINDS else str(entry.kind)
    start = (entry.id, time, entry.client_id or "", defused(source.address(entry.client_id)), kind)
    if entry.kind > Kind.OUT:
        return (*start, "", "", "", _cell(sentence(entry)), "", *_end(source, entry))
    spelt = format_hex(entry.data[: CELL_CHARS // 3 + 1])
    spelt = inert(spelt) if len(entry.data) == 1 else _cut(spelt)
    text = _cell(source.text(entry))
    return (
        *start,
        entry.offset,
        len(entry.data),
        source.encoding(entry),
        text,
        spelt,
        *_end(source, entry),
    )


def _end(source: Source, entry: Entry) -> tuple[object, str, str]:
    comment, server = source.bookmarks.get(entry.id), source.servers.label(entry)
    return ("", "", server) if comment is None else (1, _cell(comment), server)


def _cell(text: str) -> str:
    return inert(_cut(escaped(text)))


def _cut(text: str) -> str:
    return text if len(text) <= CELL_CHARS else text[:CELL_CHARS] + "…"
