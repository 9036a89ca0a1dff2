"""Where workers wait while the disk is slower than the clients."""

from __future__ import annotations

import threading
from collections.abc import Callable

FEW = 4
MANY = 100


class Room:
    """Threads that wait for room, woken few at a time, and the longest waiting first.

    A handful of workers receives as much as the disk takes. When fifty that flood are woken at
    once, they only stand in line for the interpreter, and everybody else behind them; of ten
    thousand, each asks for it every few ms, and the rest is late by more than a second. So a
    handful is let in, and twice as many each time that did not fill the room. From MANY on, it
    seems that each has little to bring: then the last of them to get through wakes the next ones.
    Any thread.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition(threading.Lock())
        self._waiting = 0
        self._woken = 0  # notified, and not yet through
        self._batch = FEW

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
                if self._woken == 0 and self._batch == MANY and not crowded():
                    self._wake_some()

    def release(self, *, was_filled: bool = True) -> None:
        """Wake some; call it again and again while there is room and somebody waits.

        `was_filled`: those who were let in before have filled the room.
        """
        with self._condition:
            if was_filled:
                self._batch = FEW
            elif self._woken == 0:
                self._batch = min(2 * self._batch, MANY)
            if self._woken == 0:
                self._wake_some()

    def release_all(self) -> None:
        """Wake everybody: nobody needs to wait any more."""
        with self._condition:
            self._batch = MANY
            if self._woken == 0:
                self._wake_some()

    def _wake_some(self) -> None:
        # `_waiting` counts a thread until it runs; those woken already are none of ours here.
        self._woken = min(self._batch, self._waiting)
        self._condition.notify(self._woken)
