"""What goes before receiving: a send to many clients, a frame of the window.

Whoever writes to a thousand sockets, or paints, needs the interpreter for some hundredths of a
second. Beside clients that flood, it is taken away and waited for again and again: each time up to
`sys.getswitchinterval()`, and behind every worker that has just received something. A thousand
writes then take seconds, and a frame of 10 ms takes 100. So workers whose clients flood look here,
and wait a moment while the way is taken. TCP slows these clients; nothing is lost.
"""

from __future__ import annotations

import threading

MOST_S = 0.1  # a worker waits no longer for one who has the way


class RightOfWay:
    """Taken by any number of threads, for a moment each. Any thread."""

    def __init__(self) -> None:
        self.is_taken = False  # may be read without the lock
        self._takers = 0
        self._lock = threading.Lock()
        self._is_free = threading.Event()
        self._is_free.set()

    def take(self) -> None:
        """Go first from now on; every `take` needs its `give_back`."""
        with self._lock:
            self._takers += 1
            self._is_free.clear()
            self.is_taken = True

    def give_back(self) -> None:
        """Let those go on who gave way, unless somebody else has the way too."""
        with self._lock:
            self._takers -= 1
            if not self._takers:
                self.is_taken = False
                self._is_free.set()

    def give_way(self) -> None:
        """Wait until the way is free, for a moment at most. Thread: a worker."""
        self._is_free.wait(MOST_S)
