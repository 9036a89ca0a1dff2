"""Where workers wait while the disk is slower than the clients."""

from __future__ import annotations

import threading
from collections.abc import Callable

FEW = 4


class Room:
    """Threads that wait for room, the longest waiting first.

    A few are let in at a time, and each lets another one in after it: so all come through while
    there is room, and not all of them wake for the room of one. Any thread.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition(threading.Lock())
        self.waiting = 0  # threads

    def wait(self, crowded: Callable[[], bool]) -> None:
        """Block until `crowded()` is false."""
        with self._condition:
            while crowded():
                self.waiting += 1
                self._condition.wait()
                self.waiting -= 1
            self._condition.notify()

    def release(self) -> None:
        """Let some in; call it whenever there may be room."""
        with self._condition:
            self._condition.notify(FEW)
