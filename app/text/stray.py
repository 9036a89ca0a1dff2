"""Whether bytes held back at a chunk's end belong to a character, or to nothing.

A decoder holds back what may begin a character, because the rest may come with the next chunk. If
it begins none (noise, the last byte of a binary frame), reading on from it would garble the whole
next message. So where the next chunk comes, both readings are weighed as in `app.text.guess`. The
character is believed; it takes better reasons against it the sooner its rest would have come.

The answer depends on nothing but the two chunks, the time between them and, where the later one is
tiny and comes after a pause, what came together with it. So the same journal always reads the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from app.text.decoder import DecoderState, StreamDecoder, decode
from app.text.encodings import find_encoding
from app.text.guess import weigh

HEAD_BYTES = 32  # of the later chunk, weighed
ENOUGH_BYTES = 8  # a later chunk of fewer is weighed after a pause with what came right after it
PAUSE_NS = 300_000_000  # from here on, what comes is hardly the rest of what came before
TOGETHER_NS = 100_000_000  # what comes so soon belongs together

# How much better the reading without one must be: right away, and after a pause or binary data.
_SOON, _LATE = 12.0, 1.5
_UNREADABLE = 2.0  # against a reading that shows nothing yet
_ALL_ASCII = 6.0  # for a reading in which the later chunk is nothing but ASCII text
_MOST_PER_CHARACTER = 3.0  # in UTF-16
_TAIL_BYTES = 16  # before those held back, looked at for binary data
# Control characters but for those that text, terminals and printers use.
_BINARY = bytes({*range(0x20), 0x7F} - set(b"\a\b\t\n\v\f\r\x1b"))


class Held(NamedTuple):
    """What a chunk leaves to the next one of its stream."""

    waiting: bytes = b""  # held back: may begin a character
    at_ns: int = 0  # when the chunk came, monotonic
    after_binary: bool = False  # what came before them in the chunk is no text


def held_by(data: bytes, waiting: bytes, at_ns: int) -> Held:
    """Return what a chunk leaves of which the last bytes are `waiting`."""
    if not waiting:
        return Held(b"", at_ns)
    tail = data[: -len(waiting)][-_TAIL_BYTES:]
    return Held(waiting, at_ns, len(tail) - len(tail.translate(None, _BINARY)) > 1)


def stray_bytes(encoding: str, held: Held, head: bytes, gap_ns: int) -> int:
    """Return how many of the bytes held back begin no character: all those up to one that does.

    `head` is what came `gap_ns` later. Raises UnknownEncoding.
    """
    if not held.waiting:
        return 0
    late = gap_ns >= PAUSE_NS or held.after_binary
    return _stray(encoding, held.waiting, head[:HEAD_BYTES], late)


@lru_cache(maxsize=4096)  # tiny chunks come again and again: a long way through them is read fast
def _stray(encoding: str, waiting: bytes, head: bytes, late: bool) -> int:
    as_one = _read(encoding, waiting + head)
    ways = {
        count: _read(encoding, waiting[count:] + head)
        for count in range(1, len(waiting) + 1)
        if _is_held(encoding, waiting[count:])
    }
    for count in sorted(ways, reverse=True):
        if decode(waiting[:count], encoding) + ways[count] == as_one:  # the decoder finds so too
            rest = waiting[count:]
            return count + (_stray(encoding, rest, head, late) if rest else 0)
    in_bytes = find_encoding(encoding).unit_bytes == 1
    against = _LATE if late else _SOON
    # The more bytes already look like one character, the less by chance.
    weights = {
        count: _weight(encoding, text) - against * (count if in_bytes else 1)
        for count, text in ways.items()
    }
    if in_bytes and len(head) > 1 and head.isascii():
        weights[len(waiting)] += _ALL_ASCII
    best = max(weights, key=lambda count: weights[count])
    return best if weights[best] > _weight(encoding, as_one) else 0


def begins_a_unit(encoding: str, chunk: bytes) -> bool:
    """Whether, in UTF-16, a chunk begins with the first byte of a pair whatever came before it.

    Then `stray_bytes` says so too. Raises UnknownEncoding.
    """
    head = chunk[:HEAD_BYTES]
    if len(head) < ENOUGH_BYTES:
        return False
    other = _weight(encoding, _read(encoding, head[1:])) + _MOST_PER_CHARACTER
    return _weight(encoding, _read(encoding, head)) - _SOON > other


def _read(encoding: str, data: bytes) -> str:
    return StreamDecoder(encoding).feed(data)


def _is_held(encoding: str, data: bytes) -> bool:
    return StreamDecoder.restore(DecoderState(encoding, data)).waiting == data


def _weight(encoding: str, text: str) -> float:
    return weigh(text, encoding) if text else -_UNREADABLE
