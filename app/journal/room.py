"""Where workers wait while the disk is slower than the clients."""

from __future__ import annotations

import threading
from collections.abc import Callable

BATCH = 100


class Room:
    """Threads that wait for room, woken a hundred at a time.

    Of 10,000 waiters woken at once each asks for the interpreter lock every few ms, and everybody
    else is late by more than a second. So the last of a hundred to get through wakes the next
    hundred, if there is still room. Any thread.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition(threading.Lock())
        self._waiting = 0
        self._woken = 0  # notified, and not yet through

    @property
    def waiting(self) -> int:
        """The number of threads that wait."""
        return self._waiting

    def wait(self, crowded: Callable[[], bool]) -> None:
        """Block until `crowded()` is false."""
        with self._condition:
            while crowded():
                self._waiting += 1
                self._condition.wait()
                self._waiting -= 1
                self._woken -= 1
                if self._woken == 0 and not crowded():
                    self._wake_some()

    def release(self) -> None:
        """Wake the first hundred; call it when there is room again."""
        with self._condition:
            if self._woken == 0:
                self._wake_some()

    def _wake_some(self) -> None:
        # `_waiting` counts a thread until it runs; those woken already are none of ours here.
        self._woken = min(BATCH, self._waiting)
        self._condition.notify(self._woken)
