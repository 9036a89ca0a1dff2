"""Clients that flood take turns: two workers receive, the others stand in line.

After each `recv` a worker needs the interpreter again. Fifty that always have something to receive
stand in each other's way there: most of their time goes into waking one another, and whoever else
needs the interpreter, the window and the journal's writer, has to get past them. Two keep it as
busy as it can be: one runs while the kernel copies for the other. (Measured with 50 clients and
chunks of 1 KiB, at once 1, 2, 3, 4, 50: 109,000, 120,000, 114,000, 105,000 and 62,000 chunks a
second, and the window answers a ping within 12, 6, 13, 22 and 70 to 130 ms.)

Only who receives without waiting takes turns; see `wire`. TCP slows the clients of those in line.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

AT_ONCE = 2
SHARE = 64  # chunks of a turn, or fewer large ones
LARGE_SHIFT = 14  # each 16 KiB of a chunk count as one more
PATIENCE_S = 0.1  # the line does not move: who has a turn is held up, by a debugger or slow motion


class Turns:
    """Who may receive without waiting. Any worker; each names itself by any object of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._having: dict[object, None] = {}  # whoever has had a turn for the longest comes first
        self._line: deque[_Place] = deque()
        self._moved_s = 0.0  # when a turn last ended

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    @property
    def having(self) -> int:
        """How many have a turn."""
        return len(self._having)

    def take(self, who: object) -> None:
        """Wait for a turn. Who has one already ends it, and lines up again if others wait."""
        with self._lock:
            if who in self._having:
                if not self._line:
                    return
                self._pass_on(who)
            elif len(self._having) < AT_ONCE:
                self._having[who] = None
                return
            place = _Place(who)
            self._line.append(place)
        while not place.gate.acquire(timeout=PATIENCE_S):
            if self._step_in(place):
                break

    def leave(self, who: object) -> None:
        """End a turn, if `who` has one."""
        with self._lock:
            if who in self._having:
                self._pass_on(who)

    @contextmanager
    def all_taken(self) -> Iterator[None]:
        """Let nobody have a turn meanwhile: for whoever needs the interpreter for some 10 ms."""
        own = [object() for _ in range(AT_ONCE)]
        try:
            for one in own:
                self.take(one)
            yield
        finally:
            for one in own:
                self.leave(one)

    def _step_in(self, place: _Place) -> bool:
        """Take the turn of whoever has had one for the longest, unless the line moves."""
        with self._lock:
            if place not in self._line:  # called at the last moment
                return True
            if monotonic() - self._moved_s < PATIENCE_S:
                return False
            self._line.remove(place)
            del self._having[next(iter(self._having))]
            self._having[place.who] = None
            self._moved_s = monotonic()
            return True

    def _pass_on(self, who: object) -> None:
        del self._having[who]
        self._moved_s = monotonic()
        if self._line:
            place = self._line.popleft()
            self._having[place.who] = None
            place.gate.release()


class _Place:
    """Where one stands in line."""

    __slots__ = ("gate", "who")

    def __init__(self, who: object) -> None:
        self.who = who
        self.gate = threading.Lock()
        self.gate.acquire()  # closed
