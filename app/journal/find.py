"""Finding the next or the previous match in a whole journal.

SQL proposes entries, in slices short enough to be cancelled, or `sieve` does where SQL proposes too
many or cannot compare; Python follows a match that begins at an entry's end through as many chunks
of its stream as it takes, and verifies by decoding that it begins at a character's first byte. A
match belongs to the entry in which it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from time import perf_counter
from typing import NamedTuple

from app.journal.context import ContextDecoder
from app.journal.entry import Entry, Kind
from app.journal.needle import Needle, may_hold, sql_condition
from app.journal.pattern import Pattern
from app.journal.reader import Reader
from app.journal.recent import DATA
from app.journal.sieve import sifted
from app.journal.spans import Begun, Span, Spans
from app.text.encodings import ENCODINGS

SLICE_S = 0.05  # the longest that `cancelled` is not asked
_FIRST_SLICE = 1_024  # entries
_MOST = 65_536
_MOST_SIFTED = 8_192
_SLICE_BYTES = 8 * 1024 * 1024  # of entries, however many: they may be read into memory
_TOGETHER = 256  # proposed entries that are looked at together
_TOGETHER_BYTES = 1024 * 1024  # about, where they are large
_MANY = 32  # the sieve is quicker when one of so many entries is proposed

Progress = Callable[[int, int], None]


class Match(NamedTuple):
    """Where the needle is."""

    entry_id: int  # it begins here
    start_bytes: int  # in that entry's data
    length_bytes: int
    last_id: int  # it ends here


class Accept(NamedTuple):
    """Which entries are searched; None: all."""

    clients: frozenset[int] | None = None
    kinds: frozenset[int] | None = None


def find(
    reader: Reader,
    needle: Needle,
    from_id: int,
    forward: bool = True,
    accept: Accept = Accept(),  # noqa: B008 - immutable
    *,
    to_id: int | None = None,
    encoding_of: Callable[[int], str],
    encodings: Iterable[str],
    cancelled: Callable[[], bool] = lambda: False,
    progress: Progress = lambda done, total: None,
) -> Match | None:
    """Return the first match that begins in entry `from_id` or after it; or the last up to it.

    `to_id` is the last entry that is looked at, the journal's end or beginning without it;
    `encodings` are all that `encoding_of` may return.
    `progress` gets the entries searched and the entries to search. None: there is no match, or
    `cancelled()`. Slow: call it in a thread of its own with a reader of its own.
    """
    search = _Search(reader, needle, accept, encoding_of, encodings, cancelled)
    low, high = (from_id, to_id) if forward else (to_id, from_id)
    return search.run(low, high, forward, progress)


class _Search:
    """One call of `find`."""

    def __init__(
        self,
        reader: Reader,
        needle: Needle,
        accept: Accept,
        encoding_of: Callable[[int], str],
        encodings: Iterable[str],
        cancelled: Callable[[], bool],
    ) -> None:
        self._reader = reader
        self._needle = needle
        self._accept = accept
        self._cancelled = cancelled
        self._recent = reader.recent()
        self._spans = Spans(reader, cancelled)
        self._contexts = ContextDecoder(reader, encoding_of)
        self._received = needle.patterns(set(encodings))
        self._sent = needle.patterns(encoding.name for encoding in ENCODINGS)
        self._patterns: dict[str, Pattern | None] = {}  # by encoding
        self._condition, self._values = self._sql()
        # SQL proposes too many, or cannot tell.
        self._sifts = not all(pattern.is_exact for pattern in self._received + self._sent)

    def run(
        self, low_id: int | None, high_id: int | None, forward: bool, progress: Progress
    ) -> Match | None:
        first_id = max(self._reader.first_id, low_id or 0)
        last_id = self._recent.last_id
        if high_id is not None:
            last_id = min(last_id, high_id)
        total, done, size = last_id - first_id + 1, 0, _FIRST_SLICE
        while done < total and not self._cancelled():
            started = perf_counter()
            size = min(size, total - done)
            low = first_id + done if forward else last_id - done - size + 1
            if size > 1 and self._reader.size_bytes(low, low + size - 1) > _SLICE_BYTES:
                size = max(size // 4, 1)
                continue
            ids = self._candidates(low, low + size - 1)
            if ids is None:
                size = min(size, _MOST_SIFTED)
                continue
            match = self._in_ids(ids, forward)
            if match is not None:
                return None if self._cancelled() else match
            done += size
            progress(done, total)
            took_s = perf_counter() - started
            if took_s > SLICE_S:
                size = max(size // 2, 1)
            elif took_s < SLICE_S / 3:
                size = min(size * 2, _MOST_SIFTED if self._sifts else _MOST)
        return None

    def _candidates(self, low: int, high: int) -> list[int] | None:
        """Return the entries that may hold the needle; None: the sieve must look for them."""
        if self._sifts:
            parts = self._reader.chunks(low, high, self._accept.clients, self._accept.kinds)
            return sifted(parts, (self._received, self._sent), self._cancelled)
        ids = self._proposed(low, high)
        self._sifts = len(ids) * _MANY > high - low
        return None if self._sifts else ids

    def _in_ids(self, ids: list[int], forward: bool) -> Match | None:
        """Return the first true match in these entries, or the last."""
        waiting = iter(ids if forward else reversed(ids))
        together = 1
        while some := list(islice(waiting, together)):
            if self._cancelled():
                return None
            entries = self._reader.pick(some)
            match = self._in_entries(entries, forward)
            if match is not None:
                return match
            largest = max((len(entry.data) for entry in entries), default=0)
            together = min(together * 4, _TOGETHER, _TOGETHER_BYTES // max(largest, 1) + 1)
        return None

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

    def _in_entries(self, entries: list[Entry], forward: bool) -> Match | None:
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
                    return match
        return None

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
            if check.at(data, start + length):
                yield Match(entry.id, start, length, entry.id)
        for span in sorted(spans, key=lambda span: span.start):
            if self._check(entry).at(data[: span.start] + span.data, span.start + length):
                yield Match(entry.id, span.start, length, span.last_id)

    def _check(self, entry: Entry) -> _Aligned:
        return _Aligned(self._contexts, entry, self._needle)


def _last(matches: Iterator[Match]) -> Match | None:
    match = None
    for match in matches:  # noqa: B007 - to the end
        pass
    return match


class _Aligned:
    """Whether matches in one entry begin at a character's first byte; asked in ascending order."""

    def __init__(self, contexts: ContextDecoder, entry: Entry, needle: Needle) -> None:
        self._decoder = contexts.decoder_at(entry) if needle.text else None
        self._needle = needle
        self._tail = ""
        self._fed = 0

    def at(self, data: bytes, end: int) -> bool:
        """Whether the needle's text ends at byte `end` of `data`."""
        if self._decoder is None:  # bytes are bytes
            return True
        # With the needle's length beside the new text a match that overlaps the last one is seen.
        text = self._tail + self._decoder.feed(data[self._fed : end])
        self._fed = end
        self._tail = text[-len(self._needle.text) :]
        return self._needle.is_text(self._tail) and not self._decoder.waiting
