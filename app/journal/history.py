"""How far back a decoder must start to come out right at a chunk in the middle of a stream."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from app.journal.entry import Entry, Kind
from app.text.stray import Held, begins_a_unit

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.text.encodings import Encoding

# A walk takes half of what may be read: 4,096 entries or 1 MiB where somebody waits for its end …
FAR_ENTRIES, FAR_BYTES = 8_192, 2 * 1024 * 1024
# … and less and less of this where the GUI thread makes all the walks for one paint of the log.
GLANCE_ENTRIES, GLANCE_BYTES = 128, 256 * 1024
KEPT_ENTRIES, KEPT_BYTES = 65_536, 8 * 1024 * 1024  # of a long way, rather than read it twice
SAFE_BYTES = 8  # GB18030 and EUC-KR go wrong when the start is nearer to the chunk
_STEP_FACTOR = 8
_MOST_TOGETHER = 512  # chunks
_TOGETHER_BYTES = 1024 * 1024  # about, where chunks are large

# A byte below 0x30 is never the second half of a character in our multi-byte encodings.
_NOT_PLAIN = bytes(range(0x30, 0x100))

_OUT = int(Kind.OUT)


class Reach:
    """How much of the past may still be read. Walks that share one take from the same store."""

    def __init__(self, entries: int = FAR_ENTRIES, size_bytes: int = FAR_BYTES) -> None:
        self._full = self._left = (entries, size_bytes)

    def renew(self) -> None:
        """Let as much be read as at first."""
        self._left = self._full

    def share(self) -> tuple[int, int]:
        """Return the entries and bytes that one walk may read; at least one entry.

        Half of what is left, so that a stream without a safe start leaves something to the others.
        """
        entries, size_bytes = self._left
        return max(entries // 2, 1), size_bytes // 2

    def take(self, entries: int, size_bytes: int) -> None:
        """So much has been read."""
        self._left = max(self._left[0] - entries, 0), max(self._left[1] - size_bytes, 0)


class Past(NamedTuple):
    """What to read so that a decoder stands right at a chunk's first byte."""

    held: Held  # known to be held back where reading begins
    chunks: list[Entry]  # oldest first
    begin: int  # where in the first of them reading begins
    sure: bool  # False: nobody may read as far back as the next safe start


class Start(NamedTuple):
    """A place before a chunk where decoding can start."""

    entry_id: int
    at: int  # in that entry's data
    held: Held  # known to be held back there
    length: int  # chunks of the stream from there to before the chunk
    passed: list[Entry] | None  # these chunks, newest first; None: too many to keep


HeldAt = Callable[[Entry], Held | None]  # what is held back at a chunk's beginning, if known


def past_of(
    reader: Reader, entry: Entry, encoding: Encoding, held_at: HeldAt, reach: Reach
) -> Past:
    """Walk back from `entry` through its client and direction to where decoding can start.

    That is a chunk for which `held_at` knows what is held back at its beginning, or the stream's
    beginning, or a chunk sent in another encoding, or a safe byte at least SAFE_BYTES before
    `entry`. Where `reach` ends, what was read until then has to do.
    """
    most_entries, most_bytes = reach.share()
    chunks: list[Entry] = []
    size = 0
    for chunk in walk_back(reader, entry, most_entries):
        chunks.append(chunk)
        start = _start_in(chunk, size, entry, encoding, held_at)
        size += len(chunk.data)
        if start is not None:
            reach.take(len(chunks), size)
            return Past(start[1], chunks[::-1], start[0], True)
        if size >= most_bytes:
            break
    reach.take(len(chunks), size)
    ended = len(chunks) < most_entries and size < most_bytes  # the older ones were deleted
    # Most likely, no pair before was broken.
    half = (entry.offset - size) % encoding.unit_bytes
    return Past(Held(), chunks[::-1], half, ended)


def start_of(
    reader: Reader,
    entry: Entry,
    encoding: Encoding,
    held_at: HeldAt,
    cancelled: Callable[[], bool],
) -> Start | None:
    """Walk back as `past_of` does, however far it is; None if `cancelled()`. Keeps little."""
    size = count = 0
    passed: list[Entry] | None = []
    oldest = entry
    for oldest in walk_back(reader, entry):
        if cancelled():
            return None
        count += 1
        if passed is not None:
            passed.append(oldest)
        start = _start_in(oldest, size, entry, encoding, held_at)
        if start is not None:
            return Start(oldest.id, *start, count, passed)
        size += len(oldest.data)
        if count > KEPT_ENTRIES or size > KEPT_BYTES:
            passed = None
    # What came before was deleted: nobody will ever know better.
    half = oldest.offset % encoding.unit_bytes if count else 0
    return Start(oldest.id, half, Held(), count, passed)


def walk_back(reader: Reader, entry: Entry, most: int = sys.maxsize) -> Iterator[Entry]:
    """Yield up to `most` chunks of the stream of `entry` before it, the newest first."""
    streams, stream = reader.streams(), (entry.client_id, entry.kind)
    for row in islice(streams.rows_back(stream, entry.id), most):
        yield Entry._make(row)
        most -= 1
    ids = streams.stored_back(stream, entry.id)
    step = 1
    while some := list(islice(ids, min(step, most))):
        chunks = reader.pick(some)
        yield from chunks
        most -= len(some)
        largest = max((len(chunk.data) for chunk in chunks), default=0)
        step = min(step * _STEP_FACTOR, _MOST_TOGETHER, _TOGETHER_BYTES // max(largest, 1) + 1)


def walk_ahead(reader: Reader, start: Start, entry: Entry) -> Iterator[Entry]:
    """Yield the chunks of the stream of `entry` from `start` up to, but not including, `entry`."""
    if start.passed is not None:
        yield from reversed(start.passed)
        return
    ids = reader.streams().ahead((entry.client_id, entry.kind), start.entry_id - 1)
    before = takewhile(lambda entry_id: entry_id < entry.id, ids)
    step = _STEP_FACTOR
    while some := list(islice(before, step)):
        chunks = reader.pick(some)
        yield from chunks
        largest = max((len(chunk.data) for chunk in chunks), default=0)
        step = min(_MOST_TOGETHER, _TOGETHER_BYTES // max(largest, 1) + 1)


def _start_in(
    chunk: Entry, after_bytes: int, entry: Entry, encoding: Encoding, held_at: HeldAt
) -> tuple[int, Held] | None:
    """Where decoding can start in `chunk`, and what is held back there; None: further back.

    `after_bytes` lie between the chunk and `entry`.
    """
    if breaks(entry, chunk):
        return len(chunk.data), Held()
    safe = _safe_start(encoding, chunk, after_bytes)
    if safe is not None:
        return safe, Held()
    known = Held() if chunk.offset == 0 else held_at(chunk)
    return None if known is None else (0, known)


def breaks(entry: Entry, earlier: Entry) -> bool:
    """Whether the user sent the earlier chunk in another encoding: no character spans that."""
    return entry.kind == _OUT and earlier.encoding != entry.encoding


def _safe_start(encoding: Encoding, chunk: Entry, after_bytes: int) -> int | None:
    """Where in `chunk` decoding can start, `after_bytes` lying between it and the entry."""
    last = len(chunk.data) + min(after_bytes - SAFE_BYTES, 0)
    if last < 0:
        return None
    if encoding.name == "utf-8":  # finds its way again within four bytes from anywhere
        return last
    if encoding.unit_bytes == 2:
        return 0 if begins_a_unit(encoding.name, chunk.data) else None
    plain_end = len(chunk.data[: last + 1].rstrip(_NOT_PLAIN))
    return plain_end - 1 if plain_end else None
