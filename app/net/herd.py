"""Thousands of threads that wake at once.

When ten thousand clients leave together, ten thousand workers wake and ask for the interpreter
lock. Each one that waits for it wakes up again every `sys.getswitchinterval()` to ask for it: at
the usual 5 ms these requests alone keep the machine busy for 16 to 68 s. So while a herd is on the
move the interval is long, and only then: beside a thread that computes, everybody would wait that
long for the lock.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

HERD_SIZE = 50
WITHIN_S = 0.1
LONG_INTERVAL_S = 0.25
CALM_AFTER_S = 0.1


class Herd:
    """Raises the switch interval while clients leave in crowds.

    `gone` is called by any worker; `settle` by the listener, every `CALM_AFTER_S` while `moving`.
    """

    def __init__(self, on_move: Callable[[], None]) -> None:
        self.moving = False
        self._on_move = on_move
        self._lock = threading.Lock()
        self._recent: deque[float] = deque([0.0] * HERD_SIZE, maxlen=HERD_SIZE)
        self._usual_s = 0.0

    def gone(self) -> None:
        """Note that a client has gone; called as soon as its worker knows."""
        now = monotonic()
        self._recent.append(now)
        if not self.moving and now - self._recent[0] < WITHIN_S:
            self._move()

    def settle(self, *, at_once: bool = False) -> None:
        """Restore the interval if nobody has left for a moment."""
        if not self.moving or (not at_once and monotonic() - self._recent[-1] < CALM_AFTER_S):
            return
        with self._lock:
            if self.moving:
                sys.setswitchinterval(self._usual_s)
                self.moving = False

    def _move(self) -> None:
        with self._lock:
            if self.moving:
                return
            self._usual_s = sys.getswitchinterval()
            sys.setswitchinterval(LONG_INTERVAL_S)
            self.moving = True
        self._on_move()
