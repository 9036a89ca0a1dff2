"""Where a band's bytes come from: one client and direction of a journal, by offset."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from app.journal.context import ContextDecoder
from app.models.stream_band import LONGEST_BYTES, Band, make_band

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.journal.entry import Entry, Kind
    from app.journal.reader import Reader

_FIRST_BATCH = 4  # entries: one of them may have a MiB


class StreamSource:
    """One stream. Every method may raise JournalError. The thread of the reader."""

    def __init__(
        self, reader: Reader, client_id: int, kind: Kind, encoding_of: Callable[[int], str]
    ) -> None:
        """`encoding_of` tells a client's encoding, for what was received."""
        self.client_id = client_id
        self.kind = kind
        self._reader = reader
        self._context = ContextDecoder(reader, encoding_of)
        self._ended = False  # once it has, it has for ever
        self._counted = (0, 0)  # an entry's id, and its number in the stream

    def forget(self) -> None:
        """The client's encoding has changed."""
        self._context.forget({self.client_id})

    @property
    def reader(self) -> Reader:
        """Where it reads."""
        return self._reader

    def bounds(self) -> tuple[int, int]:
        """Return the offsets of the first byte that is kept and after the last one."""
        reader = self._reader
        last = reader.back(self.client_id, self.kind, reader.last_id + 1, 1)
        if not last:
            return 0, 0
        first = reader.ahead(self.client_id, self.kind, reader.first_id - 1, 1)
        return first[0].offset if first else 0, last[0].offset + len(last[0].data)

    def band(self, begin: int, end: int) -> Band:
        """Return what stands between two offsets."""
        chunks = self._chunks(max(begin - LONGEST_BYTES, 0), end + LONGEST_BYTES)
        context = self._context
        return make_band(
            chunks,
            begin,
            end,
            decoder_at=context.decoder_at,
            stray_between=context.stray_between,
            encoding_of=lambda chunk: context.encoding(chunk).name,
            ends=self._has_ended,
        )

    def number(self, chunk: Entry) -> int:
        """Return how many chunks of this stream the journal has up to this one."""
        known_id, known = self._counted if self._counted[0] <= chunk.id else (0, 0)
        clients, kinds = frozenset((self.client_id,)), frozenset((int(self.kind),))
        count = 0
        for ids in self._reader.streams().matching(clients, kinds, known_id):
            count += bisect_right(ids, chunk.id)
        self._counted = chunk.id, known + count
        return known + count

    def _has_ended(self) -> bool:
        if not self._ended and self._reader.live:
            client = self._reader.client(self.client_id)
            self._ended = client is not None and client.closed_ns > 0
        return self._ended or not self._reader.live

    def _chunks(self, begin: int, end: int) -> list[Entry]:
        """Return the chunks that have bytes between two offsets, and the one that has `begin`."""
        chunks = self._chunk_before(begin)
        batch = _FIRST_BATCH
        after_id = chunks[-1].id if chunks else self._reader.first_id - 1
        while not chunks or chunks[-1].offset + len(chunks[-1].data) < end:
            more = self._reader.ahead(self.client_id, self.kind, after_id, batch)
            chunks += more
            if len(more) < batch:
                break
            after_id, batch = more[-1].id, batch * 2
        return [chunk for chunk in chunks if chunk.offset < end]

    def _chunk_before(self, offset: int) -> list[Entry]:
        """Return the last chunk that begins at `offset` or before: ids and offsets both ascend."""
        low, high = self._reader.first_id, self._reader.last_id
        found: list[Entry] = []
        while low <= high:
            middle = (low + high) // 2
            # The first one from there on; or the one before, if it begins too late.
            chunk = self._reader.ahead(self.client_id, self.kind, middle - 1, 1)
            if chunk and chunk[0].offset <= offset:
                found, low = chunk, chunk[0].id + 1
            else:
                high = middle - 1
        return found
