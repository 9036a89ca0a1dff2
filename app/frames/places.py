"""Places of frames in a journal: three numbers each, so that a million fit in three arrays.

===== ===========================================================================
key   the entry in which the frame became complete, and its number there
start the stream offset of its first byte; -1 for an event, which stays as it is
size  its bytes, and what it is (`shape_of`, `size_of`)
===== ===========================================================================
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

KEY_BITS = 21  # an entry has a mebibyte at most, so at most so many frames end in it
PART_BITS = 2


class Place(NamedTuple):
    """Where a frame, or an event, is."""

    key: int
    start: int
    size: int


class Shape(IntEnum):
    """What stands at a place."""

    FRAME = 0
    JUNK = 1
    INCOMPLETE = 2  # its end never came
    HELD = 3  # its end has not come yet


def key_of(entry_id: int) -> int:
    """Return the lowest key of an entry."""
    return entry_id << KEY_BITS


def entry_of(key: int) -> int:
    """Return the entry in which a frame became complete."""
    return key >> KEY_BITS


def event_place(entry_id: int) -> Place:
    """Return the place of an entry that is no chunk."""
    return Place(entry_id << KEY_BITS, -1, 0)


def size_of(size: int) -> int:
    """Return a place's bytes."""
    return size >> PART_BITS


def shape_of(size: int) -> Shape:
    """Return what stands at a place."""
    return Shape(size & ((1 << PART_BITS) - 1))
