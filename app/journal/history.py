"""How far back a decoder must start to come out right at a chunk in the middle of a stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.journal.entry import Entry, Kind
from app.journal.reader import Reader
from app.text.encodings import Encoding

MOST_BYTES = 1024 * 1024
MOST_ENTRIES = 4_096
SAFE_BYTES = 8  # GB18030 and EUC-KR go wrong when the start is nearer to the chunk
_FIRST_STEP = 1
_STEP_FACTOR = 8

# A byte below 0x30 is never the second half of a character in our multi-byte encodings.
_NOT_PLAIN = bytes(range(0x30, 0x100))

_OUT = int(Kind.OUT)


class Past(NamedTuple):
    """What to feed a decoder so that it stands right at a chunk's first byte."""

    waiting: bytes  # known to be held back where `data` begins
    data: bytes
    sure: bool  # False: the limits or the journal ended before a safe start was found


def past_of(
    reader: Reader,
    entry: Entry,
    encoding: Encoding,
    waiting_at: Callable[[Entry], bytes | None],
    *,
    unlimited: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Past:
    """Walk back from `entry` through its client and direction to where decoding can start.

    That is a chunk for which `waiting_at` knows what is held back at its beginning, or the stream's
    beginning, or a chunk sent in another encoding, or a safe byte at least SAFE_BYTES before
    `entry`. `unlimited` ignores the limits, until `cancelled()`.
    """
    parts: list[bytes] = []
    size = count = 0
    before_id, step = entry.id, _FIRST_STEP
    while unlimited or (size < MOST_BYTES and count < MOST_ENTRIES):
        earlier = reader.back(entry.client_id, entry.kind, before_id, step)
        for chunk in earlier:
            if _breaks(entry, chunk):
                return Past(b"", _joined(parts), True)
            start = _safe_start(encoding, chunk, size)
            if start is not None:
                return Past(b"", _joined([*parts, chunk.data[start:]]), True)
            parts.append(chunk.data)
            size += len(chunk.data)
            known = b"" if chunk.offset == 0 else waiting_at(chunk)
            if known is not None:
                return Past(known, _joined(parts), True)
        if len(earlier) < step or cancelled():
            break
        before_id, count, step = earlier[-1].id, count + len(earlier), step * _STEP_FACTOR
    return Past(b"", _whole_units(_joined(parts), encoding, entry.offset - size), False)


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
