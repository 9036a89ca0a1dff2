"""Thousands of threads that wake at once.

When ten thousand clients leave together, or all say something, ten thousand workers wake and ask
for the interpreter lock. A thread that waits for it wakes every `sys.getswitchinterval()` to ask
again: at the usual 5 ms that is two million times a second, more than the machine can do, and
hardly any thread gets on with its work. Measured: up to a minute instead of one second.

So the interval grows with the number of workers, and the number of requests stays below twenty
thousand a second, whatever the workers do. The price: beside a thread that computes without a
pause, others wait for as long as the interval. No thread of this program computes for long.

(Watching for a herd and only then raising the interval was tried before: fifty departures within
100 ms. But on a busy machine the collapse may come before the fiftieth, and then there never are
fifty; and a crowd that speaks is as bad as one that leaves. See `futexes` for its other cause.)
"""

from __future__ import annotations

import sys

EACH_WORKER_S = 50e-6  # so a hundred workers make no difference yet
LONGEST_S = 1.0


class Herd:
    """Fits the interpreter's switch interval to the number of workers. Any thread."""

    def __init__(self) -> None:
        self._usual_s = sys.getswitchinterval()

    def resize(self, workers: int) -> None:
        """Note how many workers there are; cheap enough for every client that comes or goes."""
        sys.setswitchinterval(max(self._usual_s, min(workers * EACH_WORKER_S, LONGEST_S)))
