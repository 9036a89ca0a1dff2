"""Bytes waiting to be sent to one client: oldest first, bounded."""

from __future__ import annotations

from collections import deque

from app.net.tally import Counts

PIECE_BYTES = 65_536
# So that a million sends of one byte cannot take a hundred times the memory of their bytes.
_LEAST_AVERAGE_BYTES = 256
_ALWAYS_PARCELS = 64

Pieces = tuple[bytes, ...]


def cut(data: bytes) -> Pieces:
    """Return the pieces in which `data` goes out, none of them empty.

    Cut once for all clients that get the same: the journal keeps a piece that the kernel took
    whole as it is, and a hundred clients share it.
    """
    if len(data) <= PIECE_BYTES:
        return (data,) if data else ()  # nearly always: nothing is copied
    return tuple(data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES))


class Parcel:
    """The bytes of one send, and how many of them the kernel already took."""

    __slots__ = ("encoding", "keep", "left_bytes", "pieces", "position", "taken_bytes", "tally")

    def __init__(
        self, pieces: Pieces, encoding: str, tally: Counts | None, *, keep: bool = True
    ) -> None:
        self.pieces = pieces
        self.encoding = encoding  # in which the bytes were written; "" for none
        self.tally = tally  # whom to tell when all was taken; None for an automatic reply
        self.keep = keep  # the bytes in the journal
        self.left_bytes = len(pieces[0]) if len(pieces) == 1 else sum(map(len, pieces))
        self.position = 0  # the piece that goes out next
        self.taken_bytes = 0  # of that piece


class Outbox:
    """A bounded queue of parcels. Whoever uses it holds its session's lock."""

    __slots__ = ("_most_parcels", "_parcels", "limit_bytes", "waiting_bytes")

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.waiting_bytes = 0
        self._most_parcels = max(_ALWAYS_PARCELS, limit_bytes // _LEAST_AVERAGE_BYTES)
        self._parcels: deque[Parcel] = deque()

    def __bool__(self) -> bool:
        return bool(self._parcels)

    @property
    def first(self) -> Parcel:
        """The parcel whose bytes go out next."""
        return self._parcels[0]

    def has_room_for(self, size_bytes: int) -> bool:
        """Return whether a send of this size would be accepted now."""
        fits = self.waiting_bytes + size_bytes <= self.limit_bytes
        return fits and len(self._parcels) < self._most_parcels

    def put(self, parcel: Parcel) -> None:
        """Add a parcel at the end; ask `has_room_for` first."""
        self._parcels.append(parcel)
        self.waiting_bytes += parcel.left_bytes

    def next_piece(self) -> bytes | memoryview:
        """Return the bytes for the next call of send, at most PIECE_BYTES."""
        first = self._parcels[0]
        piece = first.pieces[first.position]
        return memoryview(piece)[first.taken_bytes :] if first.taken_bytes else piece

    def took(self, size_bytes: int) -> Parcel | None:
        """Note that the kernel took so many of the next piece; return a parcel it finished."""
        first = self._parcels[0]
        first.taken_bytes += size_bytes
        first.left_bytes -= size_bytes
        self.waiting_bytes -= size_bytes
        if first.taken_bytes == len(first.pieces[first.position]):
            first.position += 1
            first.taken_bytes = 0
        return self._parcels.popleft() if not first.left_bytes else None

    def drop_first(self) -> Parcel:
        """Give up on the parcel whose bytes would go out next, and return it."""
        first = self._parcels.popleft()
        self.waiting_bytes -= first.left_bytes
        return first

    def waiting(self) -> list[Parcel]:
        """Return what waits now. Needs no lock."""
        return list(self._parcels.copy())

    def empty(self) -> list[Parcel]:
        """Give up on everything that waits, and return it."""
        left = list(self._parcels)
        self._parcels.clear()
        self.waiting_bytes = 0
        return left
