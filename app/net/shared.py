"""What all sessions of one server have in common."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.net.answers import Hears, Reply
    from app.net.hosted import HostedProgram
    from app.net.sender import Sender
    from app.net.timetable import Timetable

FEW_PARTINGS = 100  # in a second


class Partings:
    """How many clients say their last word now. Any worker, without a lock: it is an estimate."""

    def __init__(self) -> None:
        self._second = 0
        self._count = 0

    def are_few(self) -> bool:
        """Count one more; return whether a person could still mean this one."""
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._count = second, 0
        self._count += 1
        return self._count <= FEW_PARTINGS


@dataclass(slots=True)
class Shared:
    """Read by every worker at every chunk; size, reply and program may be changed by any thread."""

    journal: Journal
    sender: Sender
    timetable: Timetable
    outbox_limit_bytes: int
    keepalive_s: int
    half_closed_s: int
    partings: Partings
    recv_size_bytes: int
    reply: Reply | None
    program: HostedProgram | None = None  # serves new clients in place of the loop
    hears: Hears | None = None  # in front of the reply
    server_id: int = 1
    server_kind: str = "tcp"
    server_name: str = ""  # may be changed by any thread
