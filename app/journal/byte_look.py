"""Looking for bytes, and for text as the bytes that it is in each encoding.

SQL proposes entries, or `sieve` does where SQL proposes too many or cannot compare; Python follows
a match that begins at an entry's end through as many chunks of its stream as it takes, and verifies
by decoding that it begins at a character's first byte.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.journal.entry import Entry, Kind
from app.journal.match import Match, Where
from app.journal.needle import Needle, may_hold, sql_condition
from app.journal.pattern import Pattern
from app.journal.recent import DATA
from app.journal.sieve import sifted
from app.journal.spans import Begun, Span, Spans
from app.text.decoder import StreamDecoder, decode
from app.text.encodings import ENCODINGS

_MANY = 32  # the sieve is quicker when one of so many entries is proposed
_A_CHARACTER = 4  # bytes at most


class ByteLook:
    """Looks for a needle that is no regular expression. One thread."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._reader, self._needle, self._accept = where[:3]
        self._cancelled = where.cancelled
        self._recent = self._reader.recent()
        self._spans = Spans(self._reader, self._cancelled)
        self._contexts = where.contexts
        self._received = self._needle.patterns(where.encodings)
        self._sent = self._needle.patterns(encoding.name for encoding in ENCODINGS)
        self._patterns: dict[str, Pattern | None] = {}  # by encoding
        self._condition, self._values = self._sql()
        # SQL proposes too many, or cannot tell.
        self.sifts = not all(pattern.in_sql for pattern in self._received + self._sent)

    def candidates(self, low: int, high: int) -> list[int] | None:
        """Return the entries that may hold the needle; None: the sieve must look for them."""
        if self.sifts:
            parts = self._reader.chunks(low, high, *self._accept)
            return sifted(parts, (self._received, self._sent), self._cancelled)
        ids = self._proposed(low, high)
        self.sifts = len(ids) * _MANY > high - low
        return None if self.sifts else ids

    # SQL and memory propose

    def _sql(self) -> tuple[str, list[object]]:
        # Plain comparisons: `kind IN (…)` and CASE cost half as much again as the search itself.
        terms: list[str] = ["0"]
        values: list[object] = []
        for kind, term_of in ((Kind.IN, self._received_sql), (Kind.OUT, self._sent_sql)):
            if self._accept.kinds is None or kind in self._accept.kinds:
                term, term_values = term_of()
                terms.append(f"kind = {kind.value} AND ({term})")
                values += term_values
        condition = " OR ".join(f"({term})" for term in terms)
        if self._accept.clients is not None:
            numbers = ",".join(map(str, sorted(self._accept.clients)))
            condition = f"client_id IN ({numbers}) AND ({condition})"
        return condition, values

    def _received_sql(self) -> tuple[str, list[bytes]]:
        return sql_condition(self._received)

    def _sent_sql(self) -> tuple[str, list[bytes]]:
        """A sent chunk tells its encoding, so that it need not be looked through for all others."""
        term, values = sql_condition(self._sent)
        known = ",".join(f"'{encoding.name}'" for encoding in ENCODINGS)
        terms = [f"encoding NOT IN ({known}) AND ({term})"]
        for encoding in ENCODINGS:
            term, term_values = sql_condition(self._needle.patterns([encoding.name]))
            terms.append(f"encoding = '{encoding.name}' AND ({term})")
            values += term_values
        return " OR ".join(f"({term})" for term in terms), values

    def _proposed(self, low: int, high: int) -> list[int]:
        ids: list[int] = []
        if low < self._recent.first_id:
            below = min(high, self._recent.first_id - 1)
            ids = self._reader.ids_where(self._condition, self._values, low, below)
        for row in self._recent.between(low, high):
            clients, kinds = self._accept
            if row[4] > Kind.OUT or (kinds is not None and row[4] not in kinds):
                continue
            patterns = self._received if row[4] == Kind.IN else self._sent
            if (clients is None or row[3] in clients) and may_hold(row[DATA], patterns):
                ids.append(row[0])
        return ids

    # Python verifies

    def matches(self, entries: list[Entry], forward: bool) -> Iterator[Match]:
        """Yield the first true match of each of these entries, or the last."""
        patterns = {entry.id: self._pattern_of(entry) for entry in entries}
        begun = [
            Begun(entry, pattern, len(entry.data) - length)
            for entry in entries
            if (pattern := patterns[entry.id])
            for length in pattern.tails(entry.data)
        ]
        spans = self._spans.completed(begun)
        for entry in entries:
            pattern = patterns[entry.id]
            if pattern and not self._cancelled():
                matches = self._matches(entry, pattern, spans.get(entry.id, []))
                match = next(matches, None) if forward else _last(matches)
                if match is not None:
                    yield match

    def _pattern_of(self, entry: Entry) -> Pattern | None:
        name = self._contexts.encoding(entry).name
        if name not in self._patterns:
            self._patterns[name] = self._needle.pattern(name)
        return self._patterns[name]

    def _matches(self, entry: Entry, pattern: Pattern, spans: list[Span]) -> Iterator[Match]:
        """Yield the true matches that begin in `entry`, in their order."""
        data, length = entry.data, pattern.length
        check: _Aligned | None = None
        for start in pattern.places(data, self._cancelled):
            if self._cancelled():
                return
            check = check or self._check(entry)
            end = start + length
            if check.at(data, end) and self._is_word(check.before, entry, entry.id, end):
                yield Match(entry.id, start, length, entry.id)
        for span in sorted(spans, key=lambda span: span.start):
            check = self._check(entry)
            if check.at(data[: span.start] + span.data, span.start + length) and self._is_word(
                check.before, entry, span.last_id, span.end
            ):
                yield Match(entry.id, span.start, length, span.last_id)

    def _check(self, entry: Entry) -> _Aligned:
        return _Aligned(
            self._contexts.decoder_at(entry) if self._needle.text else None, self._needle
        )

    def _is_word(self, before: str, entry: Entry, last_id: int, end: int) -> bool:
        """Whether what was found stands alone, if that is wanted. It ends at `end` in `last_id`."""
        if not self._needle.whole_word:
            return True
        stream = (entry.client_id, entry.kind)
        if not before:
            earlier = self._reader.back(*stream, entry.id, 1)
            before = self._text(earlier[0])[-1:] if earlier else ""
        last = entry if last_id == entry.id else self._reader.entry(last_id)
        rest = last.data[end : end + _A_CHARACTER] if last else b""
        if rest:
            after = decode(rest, self._contexts.encoding(entry).name)[:1]
        else:
            later = self._reader.ahead(*stream, last_id, 1)
            after = self._text(later[0])[:1] if later else ""
        return self._needle.is_word(before, after)

    def _text(self, entry: Entry) -> str:
        return self._contexts.decode(entry, limit_bytes=None).text


def _last(matches: Iterator[Match]) -> Match | None:
    match = None
    for match in matches:  # noqa: B007 - to the end
        pass
    return match


class _Aligned:
    """Whether matches in one entry begin at a character's first byte; asked in ascending order."""

    def __init__(self, decoder: StreamDecoder | None, needle: Needle) -> None:
        """`decoder` stands at the entry's first byte; None: bytes are bytes."""
        self._decoder = decoder
        self._needle = needle
        self._tail = ""
        self._fed = 0
        self.before = ""  # the character before what was found; "" where the entry begins

    def at(self, data: bytes, end: int) -> bool:
        """Whether the needle's text ends at byte `end` of `data`."""
        if self._decoder is None:
            return True
        # With the needle's length beside the new text a match that overlaps the last one is seen.
        length = len(self._needle.text)
        text = self._tail + self._decoder.feed(data[self._fed : end])
        self._fed = end
        self._tail = text[-length - 1 :]
        self.before = self._tail[:-length]
        return self._needle.is_text(self._tail[-length:]) and not self._decoder.waiting
