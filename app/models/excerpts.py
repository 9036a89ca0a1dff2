"""A few words around what was found, with its place in them. Any thread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from app.frames.places import Shape, shape_of
from app.journal.context import ContextDecoder
from app.journal.entry import Entry, Kind
from app.journal.match import Match
from app.journal.needle import Needle
from app.models.frame_words import words_of
from app.text.decoder import decode

if TYPE_CHECKING:
    from app.frames.kits import Kit
    from app.journal.framed import Frame

_BEFORE, _MOST = 24, 200  # characters, of which so many stand before what was found
_BYTES_BEFORE, _MOST_BYTES = 8, 64


class Excerpt(NamedTuple):
    """Text from the network, and where in it the match begins and ends."""

    text: str
    start: int
    end: int


def of_entry(needle: Needle, match: Match, entry: Entry, contexts: ContextDecoder) -> Excerpt:
    """Return what stands around a match in the entry in which it begins."""
    if needle.bytes is not None:
        return _of_bytes(entry.data, match.start_bytes, match.length_bytes)
    if needle.expression is not None:
        text, start = contexts.decode(entry, limit_bytes=None).text, match.start_bytes
        return _cut(text, start, start + match.length_bytes)
    decoder = contexts.decoder_at(entry)
    before = decoder.feed(entry.data[: match.start_bytes])
    after = entry.data[match.start_bytes : match.start_bytes + match.length_bytes + _MOST]
    length = len(needle.text) if match.last_id == entry.id else _MOST
    return _cut(before + decoder.feed(after), len(before), len(before) + length)


def of_frame(needle: Needle, frame: Frame, encoding: str, kit: Kit | None) -> Excerpt | None:
    """Return what stands around a match in a frame: in its bytes, or in what its kit says of it.

    None: it is nowhere there. Raises TooSlow.
    """
    if frame.entry.kind > Kind.OUT:
        return None
    if needle.bytes is not None:
        start = next(needle.bytes.places(frame.data), None)
        return None if start is None else _of_bytes(frame.data, start, needle.bytes.length)
    for text in _texts(needle, frame, encoding, kit):
        span = next(needle.spans(text), None)
        if span is not None:
            return _cut(text, *span)
    return None


def _texts(needle: Needle, frame: Frame, encoding: str, kit: Kit | None) -> Iterator[str]:
    pattern = None if needle.expression else needle.pattern(encoding)
    if needle.expression or (pattern and next(pattern.places(frame.data), None) is not None):
        yield decode(frame.data, encoding)
    if kit is not None and shape_of(frame.place.size) is Shape.FRAME:
        words = words_of(kit, frame.data)
        yield words.summary
        yield words.wrong
        yield from (f"{field.name}: {field.shown}" for field in kit.decode(frame.data))


def _of_bytes(data: bytes, start: int, length: int) -> Excerpt:
    first = max(start - _BYTES_BEFORE, 0)
    text = data[first : first + _MOST_BYTES].hex(" ").upper()
    place = (start - first) * 3
    return Excerpt(text, place, min(place + length * 3 - 1, len(text)))


def _cut(text: str, start: int, end: int) -> Excerpt:
    first = max(start - _BEFORE, 0)
    part = text[first : first + _MOST]
    return Excerpt(part, start - first, min(end - first, len(part)))
