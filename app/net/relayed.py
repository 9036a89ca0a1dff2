"""One side of a forwarded connection: what it says, the other side is told.

    device ── recv ──> journal ──> outlet ──> target
    device <── outlet <── journal <── recv ── target

Each side is a client with a worker of its own. While the other side does not take what was said,
nothing more is received: so little is in memory, however much goes through.
"""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

from app.journal.entry import Kind, Role
from app.net.facts import CloseReason
from app.net.session import Session

if TYPE_CHECKING:
    from app.net.facts import Endpoint
    from app.net.forward_server import ForwardServer
    from app.net.shared import Shared
    from app.net.wire import Wire

MOST_WAITING_BYTES = 256 * 1024  # for the other side to take
LOOK_S = 0.2  # between two looks whether a side that has said its last word is still wanted


class Relayed(Session):
    """A device, or the way out that was dialled for it."""

    __slots__ = ("_news", "_said_all", "is_over", "other", "ports", "server")
    server: ForwardServer  # set as soon as it is made
    hints = False  # what goes through may be TLS

    def __init__(
        self, client_id: int, endpoint: Endpoint, wire: Wire, encoding: str, shared: Shared
    ) -> None:
        super().__init__(client_id, endpoint, wire, encoding, shared)
        self.other: Relayed | None = None  # there as soon as the target was reached
        self.ports: list[int] = []  # by which somebody on this machine was dialled for it
        self.is_over = False  # its worker has closed it
        self._said_all = False  # and the other side has been told so
        self._news = threading.Event()  # the other side has something to look at

    # -- the worker's thread ---------------------------------------------------------------

    def run(self) -> None:
        """Receive and pass on until both sides are done, or one of them breaks."""
        try:
            super().run()
        finally:
            self.is_over = True
            if (other := self.other) is not None:
                self.outlet.wake_worker()  # the other side's: it may wait until we take something
                other.hear_of_end(self.reason)
            if self.role is Role.CLIENT:
                self.server.wait_for_way_out(self)

    def _receive(self) -> None:
        other = self.other
        if other is None:
            other = self.server.dial_for(self)
        while chunk := self.recv(self._shared.recv_size_bytes):
            self._pass_on(chunk, other)
            if self.outlet.is_ending:
                return
        self._wire.step_aside()
        if not self.outlet.is_ending:
            self._end_stream(other)

    def _pass_on(self, chunk: bytes, other: Relayed) -> None:
        outlet, size_bytes = other.outlet, len(chunk)

        def takes() -> bool:
            waiting_bytes = outlet.waiting_bytes
            fits = not waiting_bytes or waiting_bytes + size_bytes <= MOST_WAITING_BYTES
            return other.is_over or (fits and outlet.has_room_for(size_bytes))

        if not takes():
            self._wire.step_aside()
            outlet.wait_for(takes)
        outlet.send(chunk, self.encoding)

    def _end_stream(self, other: Relayed) -> None:
        """It has said its last word: so does the other side, and then it is waited for."""
        outlet = other.outlet
        outlet.wait_for(lambda: other.is_over or not outlet.waiting_bytes)
        outlet.end_stream()
        self._said_all = True
        other._news.set()
        self.is_half_closed = True
        while not (other._said_all or other.is_over or self.outlet.verdict or self.outlet.finishes):
            if self.outlet.is_broken:  # what the other side said did not come through
                raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
            self._news.wait(LOOK_S)
            self._news.clear()

    def _may_be_listening(self) -> bool:
        return False  # that was waited for already

    # -- the other side's worker -------------------------------------------------------------

    def hear_of_end(self, reason: CloseReason | None) -> None:
        """The other side is closed: so is this one; broken off, if that one was."""
        breaks = reason not in _IN_ORDER
        if not self._said_all or breaks:
            self.outlet.finish(CloseReason.OTHER_SIDE, reset=breaks)
        self._news.set()

    def tell_of_target(self, other: Relayed) -> None:
        """Say where it goes."""
        self.note_event(Kind.FORWARDED, target=str(other.endpoint), client=other.client_id)


_IN_ORDER = {
    CloseReason.FIN,
    CloseReason.CUT_OFF,
    CloseReason.DISCONNECTED,
    CloseReason.SERVER_CLOSED,
    CloseReason.OTHER_SIDE,
}
