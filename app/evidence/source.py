"""The selected entries of a journal, a batch at a time, and what a format asks about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from time import sleep
from typing import TYPE_CHECKING, NamedTuple

from app.evidence.selection import Selection
from app.journal.context import ContextDecoder
from app.journal.entry import ClientRecord, Endpoint, Entry, Kind
from app.journal.errors import JournalUnreadable
from app.text.decoder import StreamDecoder, decode
from app.text.encodings import Encoding
from app.text.visible import escaped
from app.wording.events import event_sentence
from app.wording.journal_servers import JournalServers

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.settings import Settings

_MOST = 1024  # entries in a batch
_FEW = 64  # entries that may be read at once however large they are: a chunk is 1 MiB at most
_BATCH_BYTES = 4 * 1024 * 1024
_KNOWN = 4096  # clients that are remembered
_OUT = int(Kind.OUT)


class Cancelled(Exception):
    """The user does not want it any more."""


class Gap(NamedTuple):
    """Entries that are in the journal and cannot be read, or were pruned meanwhile."""

    first_id: int
    last_id: int


class Source:
    """What is exported. Belongs to the thread of its reader; made for one export."""

    def __init__(
        self,
        reader: Reader,
        selection: Selection = Selection(),  # noqa: B008 - immutable
        *,
        encoding_of: Callable[[int], str] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda done, total: None,
        settings: Settings | None = None,
        passing: Callable[[list[Entry]], list[Entry]] | None = None,
    ) -> None:
        """`encoding_of`: how a client's bytes are read; without it, as the journal remembers.

        `settings` go into an archive; `passing` returns those entries that are not hidden.
        """
        self.reader = reader
        self.selection = selection
        self.count = 0  # entries handed out so far
        self.gaps: list[Gap] = []
        self.settings = settings
        self.cancelled = cancelled
        self.progress = progress
        self._passing = passing
        self._clients: dict[int, ClientRecord | None] = {}
        self.servers = JournalServers(reader, self.client)
        self._encoding_of = encoding_of or self._recorded_encoding
        self._texts = _Texts(reader, self._encoding_of)
        try:
            self.bookmarks = reader.bookmarks()  # the comments, by entry
        except JournalUnreadable:  # that part of the file is damaged
            self.bookmarks = {}

    def batches(self) -> Iterator[list[Entry]]:
        """Yield the entries in their order. Raises Cancelled; what cannot be read is a gap."""
        ranges = self.selection.ranges
        if ranges is None:
            ranges = [(self.reader.first_id, self.reader.last_id)]
        total = sum(last - first + 1 for first, last in ranges)
        before = 0
        for first, last in ranges:
            for entries, reached_id in self._range(first, last):
                if self.cancelled():
                    raise Cancelled
                if self.selection.is_timed:
                    entries = [e for e in entries if self.selection.is_in_time(e.time_ns)]
                if self._passing is not None:
                    entries = self._passing(entries)
                self.count += len(entries)
                if entries:
                    yield entries
                self.progress(before + reached_id - first + 1, total)
                sleep(0)  # let the window have the interpreter
            before += last - first + 1

    def _range(self, first: int, last: int) -> Iterator[tuple[list[Entry], int]]:
        if self.selection.clients is None and self.selection.kinds is None:
            yield from self._dense(first, last)
        else:
            yield from self._matching(first, last)

    def _dense(self, first: int, last: int) -> Iterator[tuple[list[Entry], int]]:
        size = _FEW
        while first <= last:
            size = min(size, last - first + 1)
            if size > _FEW and not self._is_light(first, first + size - 1):
                size = max(size // 4, _FEW)
                continue
            yield self._read(first, first + size - 1), first + size - 1
            first += size
            size = min(size * 2, _MOST)

    def _is_light(self, first: int, last: int) -> bool:
        try:
            return self.reader.size_bytes(first, last) <= _BATCH_BYTES
        except JournalUnreadable:
            return False

    def _read(self, first: int, last: int) -> list[Entry]:
        """Read a stretch; where it cannot be read, halve by halve what of it can."""
        try:
            entries = self.reader.entries(first, last - first + 1)
        except JournalUnreadable:
            if first == last:
                self._miss(first, last)
                return []
            middle = (first + last) // 2
            return self._read(first, middle) + self._read(middle + 1, last)
        if len(entries) != last - first + 1:  # pruned, or a damaged file's
            self._miss_between([first - 1, *(entry.id for entry in entries), last + 1])
        return entries

    def _miss_between(self, ids: list[int]) -> None:
        for before, after in pairwise(ids):
            if after - before > 1:
                self._miss(before + 1, after - 1)

    def _miss(self, first: int, last: int) -> None:
        if self.gaps and self.gaps[-1].last_id == first - 1:
            first = self.gaps.pop().first_id
        self.gaps.append(Gap(first, last))

    def _matching(self, first: int, last: int) -> Iterator[tuple[list[Entry], int]]:
        after = first - 1
        clients, kinds = self.selection.clients, self.selection.kinds
        while after < last:
            found = self.reader.matching_ids(clients, kinds, after, _MOST)
            ids = [entry_id for entry_id in found if entry_id <= last]
            for start in range(0, len(ids), _FEW):
                some = ids[start : start + _FEW]
                yield self._pick(some), some[-1]
            if len(found) < _MOST or len(ids) < len(found):
                return
            after = ids[-1]

    def _pick(self, ids: list[int]) -> list[Entry]:
        try:
            return self.reader.pick(ids)
        except JournalUnreadable:
            if len(ids) == 1:
                self._miss(ids[0], ids[0])
                return []
            return self._pick(ids[: len(ids) // 2]) + self._pick(ids[len(ids) // 2 :])

    # What a format asks

    def text(self, entry: Entry) -> str:
        """Return a chunk's text, decoded as a part of its stream; an undecodable byte is U+DC00+b.

        Quick where it is asked for all chunks of a stream in their order.
        """
        return self._texts.of(entry)

    def encoding(self, entry: Entry) -> str:
        """Return the name of the encoding in which a chunk is read."""
        if entry.kind == _OUT and entry.encoding:
            return entry.encoding
        return self._encoding_of(entry.client_id)

    def client(self, client_id: int) -> ClientRecord | None:
        """Return what the journal knows of a client."""
        try:
            return self._clients[client_id]
        except KeyError:
            if len(self._clients) >= _KNOWN:
                self._clients.clear()
            found = None
            with suppress(JournalUnreadable):
                found = self.reader.client(client_id)
            self._clients[client_id] = found
            return found

    def before(self, client_id: int, kind: int, entry_id: int) -> Entry | None:
        """Return the last entry of a client and kind before another one, if it can be read."""
        with suppress(JournalUnreadable):
            return next(iter(self.reader.back(client_id, kind, entry_id, 1)), None)
        return None

    def address(self, client_id: int) -> str:
        """Return `192.168.1.7:64570`; "" for the server itself and for a client without one."""
        record = self.client(client_id) if client_id else None
        return str(Endpoint(record.host, record.port)) if record is not None else ""

    def _recorded_encoding(self, client_id: int) -> str:
        record = self.client(client_id)
        return record.encoding if record is not None else "utf-8"


def sentence(entry: Entry) -> str:
    """Return what an event tells, on one line."""
    return " ".join(event_sentence(entry).split())


def mark_of(source: Source, entry: Entry) -> str:
    """Return `⚑`, with the comment, of an entry with a bookmark; else ""."""
    comment = source.bookmarks.get(entry.id)
    return "" if comment is None else f"⚑ {escaped(comment)}".rstrip()


def place_of(source: Source, client_id: int) -> str:
    """Return `#1 192.168.1.7:64570`; "" for the server itself."""
    return f"#{client_id} {source.address(client_id)}".rstrip() if client_id else ""


def whereabouts(source: Source, entry: Entry) -> str:
    """Return `#1 192.168.1.7:64570`, and behind it `TCP 8080` where there are several servers."""
    place, servers = place_of(source, entry.client_id), source.servers
    return f"{place} {servers.label(entry)}".strip() if servers.are_several else place


class _Texts:
    """Decodes chunks; those that come in their streams' order without asking the journal."""

    def __init__(self, reader: Reader, encoding_of: Callable[[int], str]) -> None:
        self._contexts = ContextDecoder(reader, encoding_of)
        self._decoders: dict[str, StreamDecoder] = {}  # none of them holds anything back
        self._encodings: dict[tuple[int, str], Encoding] = {}  # client, sent chunk's encoding
        # (client, kind) → where the stream stands, if no byte was held back there
        self._clean: dict[tuple[int, int], int] = {}

    def of(self, entry: Entry) -> str:
        _, _, _, client_id, kind, offset, data, name = entry
        if offset == 0 or self._clean.get((client_id, kind)) == offset:
            encoding = self._encodings.get((client_id, name)) or self._encoding(entry)
            if encoding.unit_bytes == 1 and data.isascii():
                self._clean[client_id, kind] = offset + len(data)
                return data.decode("ascii")
            decoder = self._decoders.get(encoding.name)
            if decoder is None:
                decoder = self._decoders[encoding.name] = StreamDecoder(encoding.name)
            text = decoder.feed(data)
            if not decoder.waiting:
                self._clean[client_id, kind] = offset + len(data)
                return text
            del self._decoders[encoding.name]
        return self._in_context(entry)

    def _in_context(self, entry: Entry) -> str:
        """Decode a chunk that begins or ends within a character, or may do so."""
        key = (entry.client_id, entry.kind)
        try:
            shown = self._contexts.decode(entry, limit_bytes=None)
        except JournalUnreadable:  # what stands before or after it
            self._clean.pop(key, None)
            return decode(entry.data, self._contexts.encoding(entry).name)
        if shown.waiting or not shown.final:
            self._clean.pop(key, None)
        else:
            self._clean[key] = entry.offset + len(entry.data)
        return shown.text

    def _encoding(self, entry: Entry) -> Encoding:
        if len(self._encodings) >= _KNOWN:
            self._encodings.clear()
            self._clean.clear()
        encoding = self._contexts.encoding(entry)
        # What was received has none of its own, and what was sent may have none.
        self._encodings[entry.client_id, entry.encoding] = encoding
        return encoding


def total_of(gaps: Iterable[Gap]) -> int:
    """Return how many entries are missing."""
    return sum(gap.last_id - gap.first_id + 1 for gap in gaps)
