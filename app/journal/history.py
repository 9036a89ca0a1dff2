"""How far back a decoder must start to come out right at a chunk in the middle of a stream."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from app.journal.entry import Entry, Kind
from app.text.encodings import Encoding

if TYPE_CHECKING:
    from app.journal.reader import Reader

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
    """What to feed a decoder so that it stands right at a chunk's first byte."""

    waiting: bytes  # known to be held back where `data` begins
    data: bytes
    sure: bool  # False: nobody may read as far back as the next safe start


class Start(NamedTuple):
    """A place before a chunk where decoding can start."""

    entry_id: int
    at: int  # in that entry's data
    waiting: bytes  # known to be held back there
    length: int  # chunks of the stream from there to before the chunk
    passed: list[Entry] | None  # these chunks, newest first; None: too many to keep


WaitingAt = Callable[[Entry], bytes | None]  # what is held back at a chunk's beginning, if known


def past_of(
    reader: Reader, entry: Entry, encoding: Encoding, waiting_at: WaitingAt, reach: Reach
) -> Past:
    """Walk back from `entry` through its client and direction to where decoding can start.

    That is a chunk for which `waiting_at` knows what is held back at its beginning, or the stream's
    beginning, or a chunk sent in another encoding, or a safe byte at least SAFE_BYTES before
    `entry`. Where `reach` ends, what was read until then has to do.
    """
    most_entries, most_bytes = reach.share()
    parts: list[bytes] = []
    size = count = 0
    chunks = walk_back(reader, entry, most_entries)
    for chunk in chunks:
        count += 1
        start = _start_in(chunk, size, entry, encoding, waiting_at)
        if start is not None:
            reach.take(count, size + len(chunk.data))
            return Past(start[1], _joined([*parts, chunk.data[start[0] :]]), True)
        parts.append(chunk.data)
        size += len(chunk.data)
        if size >= most_bytes:
            break
    reach.take(count, size)
    ended = count < most_entries and size < most_bytes  # the older ones were deleted
    return Past(b"", _whole_units(_joined(parts), encoding, entry.offset - size), ended)


def start_of(
    reader: Reader,
    entry: Entry,
    encoding: Encoding,
    waiting_at: WaitingAt,
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
        start = _start_in(oldest, size, entry, encoding, waiting_at)
        if start is not None:
            return Start(oldest.id, *start, count, passed)
        size += len(oldest.data)
        if count > KEPT_ENTRIES or size > KEPT_BYTES:
            passed = None
    # What came before was deleted: nobody will ever know better.
    half = oldest.offset % encoding.unit_bytes if count else 0
    return Start(oldest.id, half, b"", count, passed)


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
    chunk: Entry, after_bytes: int, entry: Entry, encoding: Encoding, waiting_at: WaitingAt
) -> tuple[int, bytes] | None:
    """Where decoding can start in `chunk`, and what is held back there; None: further back.

    `after_bytes` lie between the chunk and `entry`.
    """
    if _breaks(entry, chunk):
        return len(chunk.data), b""
    safe = _safe_start(encoding, chunk, after_bytes)
    if safe is not None:
        return safe, b""
    known = b"" if chunk.offset == 0 else waiting_at(chunk)
    return None if known is None else (0, known)


def _joined(parts: list[bytes]) -> bytes:
    return b"".join(reversed(parts))


def _breaks(entry: Entry, earlier: Entry) -> bool:
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
        # Sent chunks may have an odd number of bytes in another encoding before them, so only
        # their beginning tells which byte is the first of a pair.
        start = last - (chunk.offset + last) % 2
        return start if chunk.kind != _OUT and start >= 0 else None
    plain_end = len(chunk.data[: last + 1].rstrip(_NOT_PLAIN))
    return plain_end - 1 if plain_end else None


def _whole_units(data: bytes, encoding: Encoding, offset: int) -> bytes:
    """Drop the second half of a pair at the beginning."""
    return data[offset % encoding.unit_bytes :]
