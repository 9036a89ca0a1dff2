"""What the kernel took for a client and the client has not acknowledged, and what that means.

Keepalive asks a silent peer whether it still lives, but not while bytes are on their way to it:
then the kernel sends those again and again, for a quarter of an hour. TCP_USER_TIMEOUT would end
that sooner, and with it every client that is merely slow to read (since Linux 5.11). So the
sender looks once a second. macOS and Windows have an option of their own for it, see `wire`.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from typing import NamedTuple

_TCP_INFO_BYTES = 104  # of struct tcp_info: what every kernel since 2.6 has
_PROBES_AT = 3  # u8: window probes that went unanswered
_RTO_AT = 8  # u32: µs until what is not acknowledged is sent again
_UNACKED_AT = 24  # u32: segments on their way
_HEARD_AT = 56  # u32: ms since the last acknowledgement
_OUTQ = 0x5411  # SIOCOUTQ: bytes not acknowledged (tcp(7))
_SURE_PROBES = 2  # one alone may have been lost on its way
_ANSWER_S = 1.0  # the longest way there and back


class InFlight(NamedTuple):
    """What was sent and not acknowledged, as the kernel knows it."""

    size_bytes: int
    segments: int  # on their way; 0: the peer has no room, and is asked now and then
    probes: int  # of those questions, unanswered ones
    heard_s: float  # since the peer last acknowledged anything
    again_s: float  # after so long without an answer the segments are sent again


def look(client: socket.socket) -> InFlight | None:
    """Return what is on its way to a client; None if nothing is, or if the system does not tell.

    Raises OSError.
    """
    if sys.platform != "linux":
        return None
    import fcntl  # Windows has none

    found = fcntl.ioctl(client.fileno(), _OUTQ, bytes(4))
    size_bytes: int = struct.unpack("i", found)[0]
    if not size_bytes:
        return None
    info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    (again_us,) = struct.unpack_from("I", info, _RTO_AT)
    (segments,) = struct.unpack_from("I", info, _UNACKED_AT)
    (heard_ms,) = struct.unpack_from("I", info, _HEARD_AT)
    return InFlight(size_bytes, segments, info[_PROBES_AT], heard_ms / 1000, again_us / 1e6)


def silent_s(flight: InFlight, since_s: float) -> float:
    """Return for how long a client has owed an acknowledgement; `since_s`: it is being looked at.

    Who merely does not read still answers: the kernel, when it is asked whether there is room.
    """
    return min(since_s, flight.heard_s)


def has_vanished(flight: InFlight, since_s: float, patience_s: float) -> bool:
    """Return whether the client is no longer there, rather than slow to read.

    A peer without room answers whenever it is asked, but it is asked more and more seldom.
    """
    if flight.segments:
        owes = flight.heard_s > flight.again_s + _ANSWER_S
    else:
        owes = flight.probes >= _SURE_PROBES
    return owes and silent_s(flight, since_s) >= patience_s


class Owing:
    """What one client owes an acknowledgement for; looked at every second, by the sender."""

    __slots__ = ("since_ns", "unacknowledged")

    def __init__(self) -> None:
        self.since_ns = 0  # something is on its way at each look since then (monotonic)
        self.unacknowledged: tuple[int, int] | None = None  # bytes, and since when they are owed

    def look(self, flight: InFlight | None, patience_s: float) -> bool:
        """Note what is on its way; return whether the client has vanished."""
        if flight is None:
            self.since_ns, self.unacknowledged = 0, None
            return False
        now_ns = time.monotonic_ns()
        self.since_ns = self.since_ns or now_ns
        since_s = (now_ns - self.since_ns) / 1e9
        self.unacknowledged = flight.size_bytes, now_ns - int(silent_s(flight, since_s) * 1e9)
        return has_vanished(flight, since_s, patience_s)
