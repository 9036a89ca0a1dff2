"""Bytes waiting to be sent to one client: oldest first, bounded."""

from __future__ import annotations

from collections import deque

from app.net.tally import Tally

PIECE_BYTES = 65_536
# So that a million sends of one byte cannot take a hundred times the memory of their bytes.
_LEAST_AVERAGE_BYTES = 256
_ALWAYS_PARCELS = 64


class Parcel:
    """The bytes of one send, and how many of them the kernel already took."""

    __slots__ = ("data", "encoding", "taken_bytes", "tally")

    def __init__(self, data: bytes, encoding: str, tally: Tally | None) -> None:
        self.data = data
        self.encoding = encoding  # in which the bytes were written; "" for none
        self.tally = tally  # whom to tell when all was taken; None for an automatic reply
        self.taken_bytes = 0


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
        self.waiting_bytes += len(parcel.data)

    def next_piece(self) -> bytes | memoryview:
        """Return the bytes for the next call of send, at most PIECE_BYTES."""
        first = self._parcels[0]
        if first.taken_bytes == 0 and len(first.data) <= PIECE_BYTES:
            return first.data  # nearly always: nothing is copied
        return memoryview(first.data)[first.taken_bytes :][:PIECE_BYTES]

    def took(self, size_bytes: int) -> Parcel | None:
        """Note that the kernel took so many of the next bytes; return a parcel it finished."""
        first = self._parcels[0]
        first.taken_bytes += size_bytes
        self.waiting_bytes -= size_bytes
        return self._parcels.popleft() if first.taken_bytes == len(first.data) else None

    def empty(self) -> list[Parcel]:
        """Give up on everything that waits, and return it."""
        left = list(self._parcels)
        self._parcels.clear()
        self.waiting_bytes = 0
        return left
