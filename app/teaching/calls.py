"""What the recorder keeps: calls, and the threads that made them. Plain values."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

PLAYER = "main"  # the thread that plays an experiment, as its lane is called
BARE_SERVER = "server"  # played with a plain socket
KEPT_BYTES = 64  # of a call's data; enough to recognise it


class Line(NamedTuple):
    """A place in the source."""

    module: str  # as in sys.modules
    number: int  # the first line is 1


class Clipped(NamedTuple):
    """The beginning of long data, and how long it was."""

    head: bytes
    size_bytes: int


class Activity(StrEnum):
    """What a thread does, as the time line colours it."""

    CONNECTING = "connecting"  # a client: until the server's kernel has answered
    ACCEPTING = "accepting"  # waits for a client: in accept, or in the select before it
    RECEIVING = "receiving"  # waits in recv
    SENDING = "sending"  # in send
    HELD = "held"  # waits for the disk, for a peer that does not read, or in slow motion
    IDLE = "idle"  # waits for orders or events
    WORKING = "working"  # between two calls: decodes, replies, writes the journal
    ENDED = "ended"


# What the thread does while it is in such a call. Any other call takes no time to speak of.
ACTIVITIES = {
    "connect": Activity.CONNECTING,
    "accept": Activity.ACCEPTING,
    "recv": Activity.RECEIVING,
    "recvfrom": Activity.RECEIVING,
    "send": Activity.SENDING,
    "sendto": Activity.SENDING,
    "wait_for_room": Activity.HELD,
    "wait_for_peer": Activity.HELD,
    "slow_motion": Activity.HELD,
    "wait_for_events": Activity.IDLE,
    "poll": Activity.IDLE,  # the turnstile: nobody has anything to say
}


@dataclass(slots=True)
class Call:
    """One call that has returned. Never changed once it is kept."""

    id: int  # dense, ascending, in the order in which calls returned
    lane: int  # the thread's lane
    name: str
    client_id: int  # whose socket, 0: none or a listening one
    fileno: int  # the socket's descriptor; -1: none
    arguments: tuple[object, ...]
    result: object  # an exception instance if it raised
    begin_ns: int  # of the recorder's clock
    end_ns: int
    lines: tuple[Line, ...]  # where it was made, innermost first; only the sources on show


@dataclass(slots=True)
class OpenCall:
    """The call a thread is in now."""

    name: str
    client_id: int
    fileno: int
    arguments: tuple[object, ...]
    begin_ns: int
    lines: tuple[Line, ...] = ()


@dataclass(slots=True)
class Lane:
    """One thread that was seen, or one client that another plays. Written there, read by any."""

    number: int  # ascending, never given twice
    name: str
    client_id: int  # whose worker; 0: none
    begin_ns: int  # when it was first seen
    end_ns: int = 0  # 0: it runs
    open: OpenCall | None = field(default=None)
    # What it does between two calls is not shown: it plays clients, or waits for those who watch.
    rests: bool = False
    peer_port: int = 0  # where a client's own calls come from, once it has connected

    @property
    def serves(self) -> bool:
        """Whether its calls are the server's, and no client's."""
        return not self.rests or self.name in (PLAYER, BARE_SERVER)

    @property
    def activity(self) -> Activity:
        """What the thread does now."""
        if self.end_ns:
            return Activity.ENDED
        # Once: the thread itself may leave the call while this looks.
        if (call := self.open) is not None:
            return activity_of(self, call.name)
        return Activity.IDLE if self.rests else Activity.WORKING


def activity_of(lane: Lane, call_name: str) -> Activity:
    """What a thread does while it is in a call of this name."""
    if call_name == "select":  # the listener's, before accept; the sender's, for orders
        return Activity.ACCEPTING if lane.name == "listener" else Activity.IDLE
    return ACTIVITIES.get(call_name, Activity.WORKING)


def kept(value: object) -> object:
    """Return what to keep of an argument or a result: no socket, no view, no long data."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        size_bytes = value.nbytes if isinstance(value, memoryview) else len(value)
        head = bytes(value[:KEPT_BYTES])
        return head if size_bytes <= KEPT_BYTES else Clipped(head, size_bytes)
    if isinstance(value, socket.socket):
        return Descriptor(value.fileno())
    if isinstance(value, tuple):
        return tuple(kept(item) for item in value)
    if isinstance(value, list):
        return len(value)  # of a select: how many are ready
    return value


class Descriptor(NamedTuple):
    """A socket, by its number."""

    fileno: int
