"""Runs a framing along one stream: chunks in, pieces out.

A piece is a frame, junk between frames, or what stayed incomplete. However the stream was cut into
chunks, the frames are the same. No thread of its own: whoever owns the cutter feeds it.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from app.frames.framing import GREATEST_BYTES, Framing, Gap, NoFraming

# A rule is shown the beginning of what is held, and more only if it asks: rules that step over
# junk byte by byte would otherwise have all of it copied for each.
_LOOKS = (512, 8 * 1024)
_NS_PER_MS = 1_000_000
STALL_MS = 30_000


class Part(Enum):
    """What a piece of a stream is."""

    FRAME = "frame"
    JUNK = "junk"  # no frame begins in it
    INCOMPLETE = "incomplete"  # the beginning of a frame whose end never came


class Piece(NamedTuple):
    """Some bytes of a stream, in order and without gaps between pieces."""

    part: Part
    offset: int  # of the first byte in the stream
    data: bytes

    @property
    def end(self) -> int:
        """The stream offset behind it."""
        return self.offset + len(self.data)


class Cutter:
    """Cuts one stream of one client into pieces. One thread at a time."""

    def __init__(
        self,
        framing: Framing,
        *,
        greatest_bytes: int = GREATEST_BYTES,
        stall_ms: int = STALL_MS,
        offset: int = 0,
    ) -> None:
        self._framing = framing
        self._greatest = greatest_bytes
        # Whoever waits for more than this, waits in vain: what is held is let go.
        self._by_gap = isinstance(framing, Gap)
        self.patience_ns = (framing.ms if isinstance(framing, Gap) else stall_ms) * _NS_PER_MS
        self._takes_all = isinstance(framing, NoFraming)
        self._held = b""
        self._held_offset = offset
        self._junk = b""  # before what is held; a row only when something else follows
        self._fed_ns = 0

    @property
    def waiting_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._held)

    @property
    def holds(self) -> bool:
        """Whether something is held back."""
        return bool(self._held or self._junk)

    def held_back(self) -> list[Piece]:
        """Return what is held back: junk that may go on, and the beginning of a frame."""
        junk = Piece(Part.JUNK, self._held_offset - len(self._junk), self._junk)
        held = Piece(Part.INCOMPLETE, self._held_offset, self._held)
        return [piece for piece in (junk, held) if piece.data]

    def feed(self, data: bytes, mono_ns: int = 0) -> list[Piece]:
        """Add a chunk that arrived at `mono_ns`; return the pieces that are complete now."""
        pieces = self.finish() if self.is_overdue(mono_ns) else []
        self._fed_ns = mono_ns
        self._held += data
        if self._takes_all:
            self._let_go(pieces, Part.FRAME, len(self._held))
        elif not self._by_gap:
            self._cut(pieces)
        while len(self._held) > self._greatest:
            self._let_go(pieces, Part.INCOMPLETE, self._greatest)
        return pieces

    def takes_whole(self, data: bytes, mono_ns: int = 0) -> bool:
        """Take a chunk that is a frame to itself, as most are; False: nothing was done."""
        size = len(data)
        if self._held or self._junk or self._by_gap or not 0 < size <= _LOOKS[0]:
            return False
        if self._framing.split(data) != size:
            return False
        self._held_offset += size
        self._fed_ns = mono_ns
        return True

    def is_overdue(self, mono_ns: int) -> bool:
        """Whether something is held back and nothing has come for too long."""
        return bool(self._held or self._junk) and mono_ns - self._fed_ns >= self.patience_ns

    def finish(self) -> list[Piece]:
        """The stream is at its end, or nothing came for too long: return all that was held back."""
        pieces: list[Piece] = []
        self._let_go(pieces, Part.FRAME if self._by_gap else Part.INCOMPLETE, len(self._held))
        self._tell_junk(pieces, self._held_offset)
        return pieces

    def _cut(self, pieces: list[Piece]) -> None:
        whole, at = self._held, 0
        base = self._held_offset
        while at < len(whole):
            taken = self._first(whole, at)
            if taken == 0:
                if len(whole) - at <= self._greatest:
                    break
                taken = self._greatest
                self._tell_junk(pieces, base + at)
                pieces.append(Piece(Part.INCOMPLETE, base + at, whole[at : at + taken]))
            elif taken > 0:
                self._tell_junk(pieces, base + at)
                pieces.append(Piece(Part.FRAME, base + at, whole[at : at + taken]))
            else:
                taken = -taken
                self._junk += whole[at : at + taken]
                if len(self._junk) >= self._greatest:
                    self._tell_junk(pieces, base + at + taken)
            at += taken
        self._held = whole[at:]
        self._held_offset = base + at

    def _first(self, whole: bytes, at: int) -> int:
        """Ask the rule what stands at `at`; never more than is there."""
        left = len(whole) - at
        for look in _LOOKS:
            if left <= look:
                break
            taken = self._framing.split(whole[at : at + look])
            if taken and abs(taken) < look:
                return taken
        taken = self._framing.split(whole[at : at + self._greatest + 1] if at else whole)
        return max(-left, min(taken, left))

    def _let_go(self, pieces: list[Piece], part: Part, size: int) -> None:
        if size:
            self._tell_junk(pieces, self._held_offset)
            pieces.append(Piece(part, self._held_offset, self._held[:size]))
            self._held = self._held[size:]
            self._held_offset += size

    def _tell_junk(self, pieces: list[Piece], end: int) -> None:
        if self._junk:
            pieces.append(Piece(Part.JUNK, end - len(self._junk), self._junk))
            self._junk = b""
