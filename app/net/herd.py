"""Many threads that wake at once, and few that want to be heard.

A thread that waits for the interpreter wakes every `sys.getswitchinterval()` to ask for it again:
so long one that works is not disturbed, and so long everybody else, the window too, may have to
wait each time. Python's own 5 ms are too long beside a client that floods: the window waits several
times for every frame. But of a thousand waiting threads each would ask two hundred times a second,
and hardly any gets on with its work. So the interval is short while there are few workers, and
long for a crowd. (Measured with 50 clients that flood: a window's ping p99 120-190 ms at 5 ms,
50-85 ms at 1 ms. With 8,000 that come and go: 1,400 connects/s and ping p99 31 ms at 10 ms, 800
and 48 ms at 3 ms.)

On Linux no more than some hundred workers wake at once: see `turnstile`. See `futexes` for the
kernel's part.
"""

from __future__ import annotations

import sys

from app.net import turnstile

SHORTEST_S = 1.5e-3
CROWD = 200  # from so many on, each adds the same
EACH_WORKER_S = 50e-6
LONGEST_S = turnstile.FREE * EACH_WORKER_S if turnstile.IS_KNOWN else 1.0


class Herd:
    """Fits the interpreter's switch interval to the number of workers. Any thread."""

    def __init__(self) -> None:
        self._usual_s = sys.getswitchinterval()

    def resize(self, workers: int) -> None:
        """Note how many workers there are; cheap enough for every client that comes or goes."""
        if workers:
            share = min(workers / CROWD, 1.0)  # fifty ask for little, and yet are heard soon
            interval_s = min(max(SHORTEST_S, workers * share * EACH_WORKER_S), LONGEST_S)
        else:
            interval_s = self._usual_s
        sys.setswitchinterval(interval_s)
