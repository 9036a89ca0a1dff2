"""Which entries of a journal are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """Entries pass that fulfil every term; a term that is None lets all through."""

    ranges: Sequence[tuple[int, int]] | None = None  # first and last id of each, ascending
    clients: frozenset[int] | None = None
    kinds: frozenset[int] | None = None
    since_ns: int | None = None  # wall clock
    until_ns: int | None = None  # wall clock; an entry of this very moment does not pass

    @property
    def is_timed(self) -> bool:
        """Whether an entry's time decides."""
        return self.since_ns is not None or self.until_ns is not None

    def is_in_time(self, time_ns: int) -> bool:
        """Whether an entry of this moment passes."""
        return (self.since_ns is None or time_ns >= self.since_ns) and (
            self.until_ns is None or time_ns < self.until_ns
        )
