"""Cuts all streams of a journal at once: chunks in, in their order; places of frames out.

Keys ascend as the frames became complete. What is held back has a place too, after the frames of
the chunk that came last; it goes when more comes. One thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.frames.cutting import Cutter, Part, Piece
from app.frames.framing import GREATEST_BYTES, Fixed, Framing, LengthField, NoFraming
from app.frames.places import KEY_BITS, PART_BITS, Place, Shape

_new = tuple.__new__  # makes a Place in half the time that its own constructor takes
_SHAPES = {Part.FRAME: 0, Part.JUNK: 1, Part.INCOMPLETE: 2}


class _Stream:
    """One client's bytes in one direction."""

    __slots__ = ("cutter", "end", "entry_id", "held", "used")

    def __init__(self, framing: Framing, offset: int) -> None:
        self.cutter = Cutter(framing, offset=offset)
        self.end = offset  # the offset behind the chunk that came last
        self.entry_id = 0  # of that chunk
        self.used = 0  # places in it
        self.held: list[int] = []  # keys of what is held back


class Streams:
    """Cutters for every client and direction, made as they are needed."""

    def __init__(self, framing_of: Callable[[int], Framing]) -> None:
        """`framing_of` tells the framing of a client."""
        self._framing_of = framing_of
        self._streams: dict[int, _Stream] = {}
        self._whole: dict[int, bool] = {}  # clients whose chunks stay as they came
        self._touched: dict[int, _Stream] = {}  # what they hold back has changed
        self._waiting: dict[int, _Stream] = {}

    def feed(
        self, entry_id: int, client_id: int, kind: int, offset: int, data: bytes, mono_ns: int
    ) -> list[Place]:
        """Take a chunk; return the places that it completes. Nearly always ascending."""
        whole = self._whole.get(client_id)
        if whole is None:
            whole = isinstance(self._framing_of(client_id), NoFraming)
            self._whole[client_id] = whole
        if whole:
            return [_new(Place, (entry_id << KEY_BITS, offset, len(data) << PART_BITS))]
        name = client_id << 1 | kind
        stream = self._streams.get(name)
        if stream is None:
            stream = self._streams[name] = _Stream(self._framing_of(client_id), offset)
        cutter = stream.cutter
        if stream.end == offset and cutter.takes_whole(data, mono_ns):
            stream.end, stream.entry_id, stream.used = offset + len(data), entry_id, 1
            if stream.held:
                self._touched[name] = stream
            return [_new(Place, (entry_id << KEY_BITS, offset, len(data) << PART_BITS))]
        places: list[Place] = []
        if stream.end != offset:  # bytes are missing here: a damaged file
            places = self._places(stream, cutter.finish())
            cutter = stream.cutter = Cutter(self._framing_of(client_id), offset=offset)
        elif cutter.is_overdue(mono_ns):
            places = self._places(stream, cutter.finish())
        stream.end, stream.entry_id, stream.used = offset + len(data), entry_id, 0
        found = cutter.feed(data, mono_ns)
        if found:
            places += self._places(stream, found)
        if cutter.holds or stream.held:
            self._touched[name] = stream
        return places

    def end(self, client_id: int) -> list[Place]:
        """Nothing more comes of a client: return what was held back."""
        places: list[Place] = []
        for name in (client_id << 1, client_id << 1 | 1):
            stream = self._streams.pop(name, None)
            if stream is not None:
                places += self._finish(name, stream)
        return places

    def end_all(self) -> list[Place]:
        """Nothing more comes at all."""
        return [p for name, stream in self._streams.items() for p in self._finish(name, stream)]

    def overdue(self, mono_ns: int) -> list[Place]:
        """Return what has waited for its rest too long."""
        late = [(n, s) for n, s in self._waiting.items() if s.cutter.is_overdue(mono_ns)]
        return [place for name, stream in late for place in self._finish(name, stream)]

    @property
    def patience_ns(self) -> int | None:
        """How long at most to wait before asking for what is `overdue`; None: nothing waits."""
        return min((stream.cutter.patience_ns for stream in self._waiting.values()), default=None)

    def held(self) -> tuple[list[int], list[Place]]:
        """Return the keys of what is no longer held back, and the places of what is, since last."""
        gone: list[int] = []
        come: list[Place] = []
        for name, stream in self._touched.items():
            gone += stream.held
            stream.held = []
            if stream.cutter.holds:
                used = stream.used
                for piece in stream.cutter.held_back():
                    junk = piece.part is Part.JUNK
                    shape = Shape.JUNK if junk else Shape.HELD
                    key = stream.entry_id << KEY_BITS | used
                    come.append(Place(key, piece.offset, len(piece.data) << PART_BITS | shape))
                    stream.held.append(key)
                    used += 1
                self._waiting[name] = stream
            else:
                self._waiting.pop(name, None)
        self._touched.clear()
        return gone, come

    def _finish(self, name: int, stream: _Stream) -> list[Place]:
        if stream.cutter.holds or stream.held:
            self._touched[name] = stream
        return self._places(stream, stream.cutter.finish())

    def _places(self, stream: _Stream, pieces: Iterable[Piece]) -> list[Place]:
        key = stream.entry_id << KEY_BITS | stream.used
        places = []
        for part, offset, data in pieces:
            places.append(_new(Place, (key, offset, len(data) << PART_BITS | _SHAPES[part])))
            key += 1
        stream.used += len(places)
        return places


def missing_bytes(framing: Framing, held: bytes) -> int:
    """Return how many bytes a frame lacks whose beginning is `held`; 0 where nobody can say.

    Any rule is asked what it would make of `held` followed by zeros: one that reads a length says
    it, one that waits for a mark does not.
    """
    if not held or (not isinstance(framing, Fixed | LengthField) and _may_end_with_zeros(framing)):
        return 0
    taken = framing.split(held + bytes(GREATEST_BYTES - min(len(held), GREATEST_BYTES)))
    return max(taken - len(held), 0)


def _may_end_with_zeros(framing: Framing) -> bool:
    """Whether zeros mean something to a framing: its end, or a message of their own."""
    return bool(framing.split(bytes(64)) > 0)
