"""A clock that can stand still: while a class talks about a step, no time passes in it."""

from __future__ import annotations

from bisect import bisect_left
from time import monotonic_ns


class Clock:
    """Tells nanoseconds. Until it first stands still they are those of time.monotonic_ns.

    `stand_still` and `go_on` are for one thread, the rest for any.
    """

    def __init__(self) -> None:
        self._state = (0, 0)  # since when it stands, or 0, and what was lost before: always both
        self._stops: list[int] = []  # when it stood, by itself
        self._lost: list[int] = [0]  # before each stop, and in the end

    def now_ns(self) -> int:
        """The moment."""
        stood_ns, lost_ns = self._state
        return (stood_ns or monotonic_ns()) - lost_ns

    def stand_still(self) -> None:
        """No time passes from now on."""
        stood_ns, lost_ns = monotonic_ns(), self._state[1]
        self._stops.append(stood_ns - lost_ns)
        self._state = stood_ns, lost_ns

    def go_on(self) -> None:
        """Time passes again."""
        stood_ns, lost_ns = self._state
        lost_ns += monotonic_ns() - stood_ns
        self._lost.append(lost_ns)
        self._state = 0, lost_ns

    def monotonic_ns(self, moment_ns: int) -> int:
        """Return what time.monotonic_ns said at a moment; the first, where it stood still."""
        return moment_ns + self._lost[min(bisect_left(self._stops, moment_ns), len(self._lost) - 1)]
