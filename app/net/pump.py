"""Sends piece after piece to one client, without a worker that sleeps in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.net.outbox import PIECE_BYTES
from app.net.regular_file import open_file

if TYPE_CHECKING:
    from app.net.outlet import Outlet
    from app.net.timetable import Timetable

_ROOM_S = 0.01  # between two looks whether the client has read
_AT_ONCE = 16  # pieces without a pause; then others have their turn


def pieces_of(data: bytes, size_bytes: int) -> Iterator[bytes]:
    """Cut bytes into pieces."""
    return (data[at : at + size_bytes] for at in range(0, len(data), size_bytes))


def pieces_of_file(path: str, size_bytes: int) -> Iterator[bytes]:
    """Read a regular file piece by piece. Raises OSError, at the first piece or a later one."""
    with open_file(path) as file:
        while piece := file.read(size_bytes or PIECE_BYTES):
            yield piece


class Pump:
    """Sends pieces to a client as it reads them, until it has gone. Thread: the timetable."""

    def __init__(
        self,
        outlet: Outlet,
        pieces: Iterator[bytes],
        encoding: str,
        every_s: float,
        timetable: Timetable,
    ) -> None:
        self._outlet = outlet
        self._pieces = pieces
        self._encoding = encoding
        self._every_s = every_s
        self._timetable = timetable
        self._piece: bytes | None = None  # what goes out next
        self._failed: Callable[[Exception], object] = lambda _error: None

    def start(self, failed: Callable[[Exception], object]) -> None:
        """Send the first piece soon; `failed` hears what the pieces raise. Thread: any."""
        self._failed = failed
        self._timetable.after(0, self._step)

    def _step(self) -> None:
        for _ in range(1 if self._every_s else _AT_ONCE):
            outlet = self._outlet
            if not outlet.is_open or outlet.is_ending or outlet.is_broken:
                return
            try:
                piece = self._piece or next(self._pieces, b"")
            except Exception as error:  # noqa: BLE001 - a file's end, for instance
                self._failed(error)
                return
            if not piece:
                return
            if not outlet.has_room_for(len(piece)) and len(piece) <= outlet.limit_bytes:
                self._piece = piece
                self._timetable.after(_ROOM_S, self._step)
                return
            self._piece = None
            outlet.send(piece, self._encoding)
        self._timetable.after(self._every_s, self._step)
