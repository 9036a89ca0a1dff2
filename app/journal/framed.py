"""Reads the bytes of frames out of a journal, from their places (`app.frames.places`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.frames.places import Place, entry_of, size_of
from app.journal.entry import Entry

if TYPE_CHECKING:
    from app.journal.reader import Reader

_BACK = 16  # chunks of a stream that are read together on the way back


class Frame(NamedTuple):
    """A place, the entry at whose key it is, and its bytes (of an event, its detail)."""

    place: Place
    entry: Entry
    data: bytes


def frames_at(reader: Reader, places: Sequence[Place], most_bytes: int = -1) -> list[Frame]:
    """Return the frames at these places, in this order; what is gone is left out.

    `most_bytes` is how many of each frame's first bytes are wanted; -1 all. Raises
    JournalUnreadable. The reader's thread.
    """
    ids = sorted({entry_of(place.key) for place in places})
    dense = ids and ids[-1] - ids[0] == len(ids) - 1
    entries = reader.entries(ids[0], len(ids)) if dense else reader.pick(ids)
    known = {entry.id: entry for entry in entries}
    found: list[Frame] = []
    for place in places:
        entry = known.get(entry_of(place.key))
        if entry is None:
            continue
        if place.start < 0:
            found.append(Frame(place, entry, entry.data))
            continue
        size = size_of(place.size)
        data = _bytes(reader, entry, place.start, size)
        found.append(Frame(place, entry, data if most_bytes < 0 else data[:most_bytes]))
    return found


def _bytes(reader: Reader, entry: Entry, start: int, size: int) -> bytes:
    """Return `size` bytes of a stream from `start` on; `entry` is where they were complete."""
    data, offset = entry.data, entry.offset
    before_id = entry.id
    while start < offset:
        earlier = reader.back(entry.client_id, entry.kind, before_id, _BACK)
        for chunk in earlier:
            if chunk.offset + len(chunk.data) != offset:  # pruned, or damaged: the rest is gone
                return data[: max(start + size - offset, 0)]
            data, offset, before_id = chunk.data + data, chunk.offset, chunk.id
            if offset <= start:
                break
        if not earlier:
            return data[: max(start + size - offset, 0)]
    return data[start - offset : start - offset + size]
