"""What those who follow the live journal have not taken yet: it is not pruned before they have."""

from __future__ import annotations

import sys
import threading


class Holds:
    """The oldest entry that each follower still needs. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._needed: dict[object, int] = {}

    def keep_from(self, follower: object, first_id: int) -> None:
        """It needs this entry, and all after it."""
        with self._lock:
            self._needed[follower] = first_id

    def release(self, follower: object) -> None:
        """It needs nothing any more."""
        with self._lock:
            self._needed.pop(follower, None)

    @property
    def first_id(self) -> int:
        """The oldest entry that somebody needs; beyond every id if nobody does."""
        with self._lock:
            return min(self._needed.values(), default=sys.maxsize)
