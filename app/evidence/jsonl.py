"""Entries as JSON lines: one object each, for programs.

=========  ===========================================================================
id         ascending, dense in one journal
time       UTC, to the nanosecond: `2026-01-01T02:21:33.123456789Z`
client     its number; 0: the server itself
address    `192.168.1.7:64570`; "" where it is not known
kind       `in`, `out`, or an event: `online`, `offline`, `server_opened`, …
offset     a chunk's: bytes of this client and direction before it
size       a chunk's: bytes
encoding   a chunk's: in which its text is read
hex        a chunk's bytes, two digits each
text       a chunk's text; a byte that is no text is `\\xNN` there: `hex` has the truth
says       an event's sentence, in the user's language
detail     an event's facts
bookmark   of an entry with one: the comment, maybe ""
server     kind and port, `tcp:8080`; "" where it is not known
=========  ===========================================================================

Keys are only added, never renamed. Whatever came from the network is ASCII or printable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.evidence.source import Source, sentence
from app.journal.entry import Entry, Kind

_encode = json.JSONEncoder(ensure_ascii=False).encode
_BAD = re.compile("[\udc00-\udcff]")
_NAMES = {int(kind): kind.name.lower() for kind in Kind}
_OUT = int(Kind.OUT)
_HEADS = 10_000  # that are remembered


def json_pieces(source: Source) -> Iterator[bytes]:
    """Yield a line for each entry."""
    lines = JsonLines(source)
    for entries in source.batches():
        yield lines.of(entries).encode()


class JsonLines:
    """Makes lines; remembers what they have in common."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._heads: dict[tuple[int, int, str], str] = {}  # client, kind, sent chunk's encoding

    def of(self, entries: Sequence[Entry]) -> str:
        """Return the entries' objects, each with a line feed."""
        heads, text_of = self._heads, self._source.text
        second, stamp = -1, ""
        lines: list[str] = []
        take = lines.append
        for entry in entries:  # no call here that is not needed: a journal has millions
            entry_id, time_ns, _, client_id, kind, offset, data, encoding = entry
            rest_ns = time_ns - second * 1_000_000_000
            if not 0 <= rest_ns < 1_000_000_000:
                second, rest_ns = divmod(time_ns, 1_000_000_000)
                stamp = datetime.fromtimestamp(second, UTC).strftime('"time":"%Y-%m-%dT%H:%M:%S')
            if kind > _OUT:
                take(f'{{"id":{entry_id},{stamp}.{rest_ns:09}Z",{self._event(entry)}}}\n')
                continue
            text = _encode(text_of(entry))
            if not text.isprintable():
                text = _printable(text)
            take(
                f'{{"id":{entry_id},{stamp}.{rest_ns:09}Z",'
                f"{heads.get((client_id, kind, encoding)) or self._head(entry)}"
                f'{offset},"size":{len(data)},"hex":"{data.hex()}","text":{text}}}\n'
            )
        if self._source.bookmarks:
            self._mark(entries, lines)
        return "".join(lines)

    def _mark(self, entries: Sequence[Entry], lines: list[str]) -> None:
        marks = self._source.bookmarks
        for at, entry in enumerate(entries):
            if entry.id in marks:
                comment = _printable(_encode(marks[entry.id]))
                lines[at] = f'{lines[at][:-2]},"bookmark":{comment}}}\n'

    def _head(self, entry: Entry) -> str:
        if len(self._heads) > _HEADS:
            self._heads.clear()
        head = f'{self._who(entry)},"encoding":"{self._source.encoding(entry)}","offset":'
        self._heads[entry.client_id, entry.kind, entry.encoding] = head
        return head

    def _who(self, entry: Entry) -> str:
        address = _printable(_encode(self._source.address(entry.client_id)))
        kind = _NAMES.get(entry.kind, str(entry.kind))
        made_of, port = self._source.servers.place(entry)
        server = _printable(_encode(f"{made_of}:{port}" if port else ""))
        return f'"client":{entry.client_id},"address":{address},"server":{server},"kind":"{kind}"'

    def _event(self, entry: Entry) -> str:
        says = _printable(_encode(sentence(entry)))
        return f'{self._who(entry)},"says":{says},"detail":{json.dumps(entry.detail)}'


def _printable(text: str) -> str:
    """Return a JSON string with every character escaped that is not printable."""
    text = _BAD.sub(lambda bad: f"\\\\x{ord(bad[0]) & 0xFF:02X}", text)
    if text.isprintable():
        return text
    return "".join([c if c.isprintable() else json.dumps(c)[1:-1] for c in text])
