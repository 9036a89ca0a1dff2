"""Entries as plain text, one harmless line each."""

from __future__ import annotations

from collections.abc import Iterator

from app.evidence.source import Source, mark_of, sentence, whereabouts
from app.journal.entry import Entry, Kind
from app.text.visible import escaped
from app.wording.amounts import moment_text


def text_pieces(source: Source) -> Iterator[bytes]:
    """Yield `2026-01-01 10:21:33.123 ← #1 192.168.1.7:64570 12 B 你好` for each entry, UTF-8.

    Its text is whole and escaped; an event has its sentence instead. A bookmark stands at the end,
    and behind the address `TCP 8080` where the journal has several servers.
    """
    for entries in source.batches():
        yield "".join([line_of(source, entry) for entry in entries]).encode()


def line_of(source: Source, entry: Entry) -> str:
    """Return an entry's line with its line feed."""
    if entry.kind > Kind.OUT:
        return _line(source, entry, "·", escaped(sentence(entry)))
    return bytes_line(source, entry, len(entry.data), escaped(source.text(entry)))


def bytes_line(source: Source, entry: Entry, size_bytes: int, text: str) -> str:
    """Return the line of some bytes that were complete with a chunk; `text` says what they are.

    It is one line already, with nothing in it that has an effect.
    """
    return _line(source, entry, "←" if entry.kind == Kind.IN else "→", f"{size_bytes} B", text)


def _line(source: Source, entry: Entry, mark: str, *words: str) -> str:
    place = whereabouts(source, entry)
    parts = (moment_text(entry.time_ns), mark, place, *words, mark_of(source, entry))
    return " ".join(part for part in parts if part) + "\n"
