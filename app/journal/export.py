"""Entries as plain text, one line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from time import sleep
from typing import TYPE_CHECKING

from app.journal.context import ContextDecoder
from app.journal.entry import ClientRecord, Endpoint, Entry, Kind
from app.text.visible import escaped

if TYPE_CHECKING:
    from app.journal.reader import Reader

_TOGETHER = 64  # entries between two looks at `cancelled`


def export_text(
    reader: Reader,
    ids: Sequence[int],
    encoding_of: Callable[[int], str],
    write: Callable[[str], object],
    *,
    describe: Callable[[Entry], str],
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> bool:
    """Write the entries with these ids (a range will do); return False if `cancelled()`.

    A line is `2026-01-01 10:21:33.123 ← #1 192.168.1.7:64570 12 B 你好`, its text whole and
    escaped; an event has the words of `describe` instead. `write` gets whole lines with their line
    feed; what it raises comes through. Slow: call it in a thread of its own with its own reader.
    """
    lines = EntryLines(reader, ContextDecoder(reader, encoding_of), describe)
    for start in range(0, len(ids), _TOGETHER):
        if cancelled():
            return False
        for entry in reader.pick(ids[start : start + _TOGETHER]):
            write(lines.of(entry))
        progress(min(start + _TOGETHER, len(ids)), len(ids))
        sleep(0)  # let the window have the interpreter
    return True


class EntryLines:
    """Makes lines of entries, each with its line feed. Belongs to the reader's thread."""

    def __init__(
        self, reader: Reader, contexts: ContextDecoder, describe: Callable[[Entry], str]
    ) -> None:
        self._reader = reader
        self._contexts = contexts
        self._describe = describe
        self._places: dict[int, str] = {}  # client_id -> "#1 192.168.1.7:64570"

    def of(self, entry: Entry) -> str:
        """Return an entry's line."""
        if entry.kind > Kind.OUT:
            return self._line(entry, "·", _one_line(self._describe(entry)))
        text = escaped(self._contexts.decode(entry, limit_bytes=None).text)
        return self.of_bytes(entry, len(entry.data), text)

    def of_bytes(self, entry: Entry, size_bytes: int, text: str) -> str:
        """Return the line of some bytes that were complete with a chunk; `text` says what they are.

        It is one line already, with nothing in it that has an effect.
        """
        arrow = "←" if entry.kind == Kind.IN else "→"
        return self._line(entry, arrow, f"{size_bytes} B", text)

    def _line(self, entry: Entry, mark: str, *words: str) -> str:
        stamp = datetime.fromtimestamp(entry.time_ns / 1e9).isoformat(" ", "milliseconds")
        parts = [stamp, mark, self._place(entry.client_id), *words]
        return " ".join(part for part in parts if part) + "\n"

    def _place(self, client_id: int) -> str:
        if client_id == 0:  # the server itself
            return ""
        if client_id not in self._places:
            self._places[client_id] = _named(client_id, self._reader.client(client_id))
        return self._places[client_id]


def _named(client_id: int, record: ClientRecord | None) -> str:
    if record is None:
        return f"#{client_id}"
    return f"#{client_id} {Endpoint(record.host, record.port)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
