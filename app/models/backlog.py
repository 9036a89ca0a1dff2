"""How many connections waited to be accepted, and when."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.teaching.pairs import Connection

MOST_STEPS = 20_000  # kept of what was looked at


class Waiting(NamedTuple):
    """Some waited for a while."""

    begin_ns: int
    end_ns: int
    clients: int


class Backlog:
    """A flight of steps. One thread."""

    def __init__(self) -> None:
        self.places = 0  # so many may wait; 0: not known
        self.most = 0
        self._moments: list[int] = []
        self._counts: list[int] = []

    def __bool__(self) -> bool:
        """Whether anybody ever waited."""
        return bool(self.most)

    def look(self, moment_ns: int, count: int) -> None:
        """So many wait at this moment, the newest."""
        if count != self.at(moment_ns):
            self._moments.append(moment_ns)
            self._counts.append(count)
            self.most = max(self.most, count)
            del self._moments[:-MOST_STEPS], self._counts[:-MOST_STEPS]

    def derive(self, connections: Iterable[Connection]) -> None:
        """Whoever has connected waits until an `accept` returns it: known to the nanosecond."""
        changes = []
        for connection in connections:
            came, taken = connection.connect, connection.accept
            if came is not None and (taken is None or came.end_ns < taken.end_ns):
                changes.append((came.end_ns, 1))
                if taken is not None:
                    changes.append((taken.end_ns, -1))
        changes.sort()
        self._moments = [moment_ns for moment_ns, _ in changes]
        self._counts = list(accumulate(change for _, change in changes))
        self.most = max(self._counts, default=0)

    def at(self, moment_ns: int) -> int:
        """Return how many waited at a moment."""
        at = bisect_right(self._moments, moment_ns)
        return self._counts[at - 1] if at else 0

    def is_full(self, count: int) -> bool:
        """Whether no other finds a place beside so many."""
        return 0 < self.places <= count

    def spans(self, from_ns: int, to_ns: int) -> Iterator[Waiting]:
        """Yield when somebody waited, between two moments, in order."""
        at = max(bisect_right(self._moments, from_ns) - 1, 0)
        while at < len(self._moments) and self._moments[at] < to_ns:
            begin_ns = self._moments[at]
            end_ns = self._moments[at + 1] if at + 1 < len(self._moments) else to_ns
            if self._counts[at]:
                yield Waiting(max(begin_ns, from_ns), min(end_ns, to_ns), self._counts[at])
            at += 1
