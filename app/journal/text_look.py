"""Looking for a regular expression in text.

A match may be in what one chunk says alone, so that `^` and `$` are at its ends too, or in its
whole stream; there it may reach REACH characters beyond the chunk in which it begins, and look as
far back. In bulk the chunks of each stream are joined and searched at once; which of them hold a
match is then asked of each, decoded as it is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

import regex

from app.journal.entry import Entry, Kind
from app.journal.match import Match, Where
from app.text.encodings import Encoding
from app.text.expressions import searched
from app.text.faults import TooSlow

REACH = 1_000  # characters
PATIENCE_S = 1.0  # for one entry
_BULK_S = 0.2  # for many: if that is not enough, fewer are searched at once
_FIRST_CHUNKS = 16  # that are read on from a match that may go on

# What a pattern may say of a place's surroundings, and of what a line's end cannot stop.
_EDGES = regex.compile(r"[$^]|\\[bBAZzmMG]|\(\?<?[=!]|\(\?\w*[sx]")
_TEXT_EDGES = regex.compile(r"\\[AZzG]|\(\?<=|\\B")
_BEYOND_A_LINE = regex.compile(r"\[\^|\\[^dwbBmMAZ.+*?()\[\]{}|^$/\\-]|\(\?[^:P<=!]|[\r\n]")

# What strict decoding never yields: an undecodable byte.
_KEPT = frozenset(map(chr, range(0xDC00, 0xDD00)))

Chunks = list[tuple[int, bytes]]  # their ids and their data
Stream = tuple[int, int, str]  # client_id, kind, encoding of what was sent


class TextLook:
    """Looks for a regular expression. One thread."""

    sifts = True

    def __init__(self, where: Where) -> None:
        expression = where.needle.expression
        assert expression is not None
        self._where = where
        self._expression = expression
        text = where.needle.text
        self._edges = where.needle.whole_word or _EDGES.search(text) is not None
        self._each = _TEXT_EDGES.search(text) is not None
        self._in_a_line = _BEYOND_A_LINE.search(text) is None
        self._next_id = -1  # where the slice would begin that follows the last one
        self._clean: set[Stream] = set()  # those that held no bytes back where that was

    # In bulk

    def candidates(self, low: int, high: int) -> list[int] | None:
        """Return the chunks in which a match may begin; None: that takes too long at once."""
        reader, accept = self._where.reader, self._where.accept
        streams: defaultdict[Stream, list[tuple[int, bytes]]] = defaultdict(list)
        for entry_id, client_id, kind, data, encoding in reader.chunks(low, high, *accept):
            streams[client_id, kind, encoding or ""].append((entry_id, data))
        if low != self._next_id:
            self._clean.clear()
        if low == high:
            return [entry_id for chunks in streams.values() for entry_id, _ in chunks]
        found: set[int] = set()
        try:
            for stream, chunks in streams.items():
                if self._where.cancelled():
                    return []
                found.update(self._in_stream(stream, chunks))
        except TooSlow:
            return None
        self._next_id = high + 1
        return sorted(found)

    def _in_stream(self, stream: Stream, chunks: Chunks) -> set[int]:
        """Return the ids of those chunks of one stream that may begin a match."""
        ids, texts = self._texts(stream, chunks)
        found = self._in_text(texts, self._before(ids[0]) if self._each and ids else "")
        if self._each:  # a text's own ends, of each chunk; and what the slice cuts off
            found.add(len(texts) - 1)
            found.update(at for at, text in enumerate(texts) if self._is_in(text))
        else:
            found |= self._unfinished(texts)
        if self._edges:
            alone = [text + "\n" for text in texts]
            found |= self._in_text(alone)
        return {ids[at] for at in found if at < len(ids)}

    def _is_in(self, text: str) -> bool:
        return searched(self._expression, text, 0, _BULK_S) is not None

    def _in_text(self, texts: list[str], before: str = "") -> set[int]:
        joined = before + "".join(texts)
        ends = list(accumulate(map(len, texts), initial=len(before)))[1:]
        found: set[int] = set()
        at = len(before)
        while at <= len(joined) and not self._where.cancelled():
            match = searched(self._expression, joined, at, _BULK_S)
            if match is None:
                break
            owner = min(bisect_right(ends, match.start()), len(ends) - 1)
            found.add(owner)
            if not match.group():  # also at the end of the one before
                found.add(max(owner - 1, 0))
            at = max(ends[owner], at + 1)
        return found

    def _unfinished(self, texts: list[str]) -> set[int]:
        """Return the chunks in which a match may begin that goes on beyond the last one."""
        count, length = 0, 0
        while count < len(texts) and length < REACH:
            count += 1
            length += len(texts[-count])
        last = texts[len(texts) - count :]
        joined = "".join(last)
        ends = list(accumulate(map(len, last)))
        found: set[int] = set()
        at = max(length - REACH, 0)
        if self._in_a_line:
            at = max(at, joined.rfind("\n") + 1)
        while at < length:
            match = searched(self._expression, joined, at, _BULK_S, partial=True)
            if match is None or match.start() >= length:
                break
            owner = bisect_right(ends, match.start())
            found.add(len(texts) - count + owner)
            at = max(ends[owner], at + 1)
        return found

    def _texts(self, stream: Stream, chunks: Chunks) -> tuple[list[int], list[str]]:
        """Return the chunks' ids and texts: quickly where each holds whole characters only."""
        encoding = self._where.contexts.encoding_of(*stream)
        quick = all(made in _KEPT for made, _ in encoding.corrections)
        if quick and (stream in self._clean or self._begins_anew(encoding, *chunks[0])):
            try:
                texts = [str(data, encoding.codec) for _, data in chunks]
            except UnicodeDecodeError:
                pass
            else:
                self._clean.add(stream)
                return [entry_id for entry_id, _ in chunks], texts
        self._clean.discard(stream)
        entries = self._where.reader.pick([entry_id for entry_id, _ in chunks])
        texts = self._where.contexts.texts(entries) if entries else []
        return [entry.id for entry in entries], texts

    def _begins_anew(self, encoding: Encoding, entry_id: int, data: bytes) -> bool:
        """Whether no character reaches into a chunk."""
        if encoding.unit_bytes == 1 and data[:1].isascii() and encoding.name == "utf-8":
            return True
        entries = self._where.reader.pick([entry_id])
        return not entries or not self._where.contexts.decoder_at(entries[0]).waiting

    # Closely

    def matches(self, entries: list[Entry], forward: bool) -> Iterator[Match]:
        """Yield the first match of each of these entries, or the last. Raises TooSlow."""
        for entry in entries:
            if self._where.cancelled():
                return
            match = self._match(entry, forward)
            if match is not None:
                yield match

    def _match(self, entry: Entry, forward: bool) -> Match | None:
        if entry.kind > Kind.OUT:
            return None
        text = self._text(entry)
        spans = self._where.needle.spans(text, PATIENCE_S)
        found = next(spans, None)
        if found is not None:
            for later in () if forward else spans:
                found = later
            start, end = found
            return Match(entry.id, start, end - start, entry.id)
        return self._in_context(entry, text)

    def _in_context(self, entry: Entry, text: str) -> Match | None:
        """Return the first match that begins in the entry, seen as a part of its stream."""
        stream = (entry.client_id, entry.kind)
        before = self._text_before(entry) if self._edges else ""
        count = _FIRST_CHUNKS
        while not self._where.cancelled():
            later = self._where.reader.ahead(*stream, entry.id, count)
            parts = list(map(self._text, later))
            whole = before + text + "".join(parts)[:REACH]
            match = searched(self._expression, whole, len(before), PATIENCE_S, partial=True)
            if match is None or match.start() >= len(before) + len(text):
                return None
            if not match.partial:
                ends = list(accumulate(map(len, parts), initial=len(before) + len(text)))
                at = min(bisect_right(ends, match.end() - 1), len(later))
                last_id = later[at - 1].id if at else entry.id
                start = match.start() - len(before)
                return Match(entry.id, start, match.end() - match.start(), last_id)
            if len(later) < count or sum(map(len, parts)) >= REACH:
                return self._complete(whole, len(before), entry, text)
            count *= 4
        return None

    def _before(self, entry_id: int) -> str:
        entries = self._where.reader.pick([entry_id])
        return self._text_before(entries[0]) if entries else ""

    def _text_before(self, entry: Entry) -> str:
        """Return what the stream said before a chunk, as far as anybody looks back."""
        back = self._where.reader.back(entry.client_id, entry.kind, entry.id, _FIRST_CHUNKS)
        return "".join(self._text(chunk) for chunk in reversed(back))[-REACH:]

    def _complete(self, whole: str, start: int, entry: Entry, text: str) -> Match | None:
        """Return a match after which nothing follows: what was begun is not finished."""
        match = searched(self._expression, whole, start, PATIENCE_S)
        if match is None or match.start() >= start + len(text):
            return None
        return Match(entry.id, match.start() - start, match.end() - match.start(), entry.id)

    def _text(self, entry: Entry) -> str:
        return self._where.contexts.decode(entry, limit_bytes=None).text
