"""Many threads that wake at once.

A thread that waits for the interpreter wakes every `sys.getswitchinterval()` to ask for it again.
When all clients of a server say something, or leave, a thousand waiting threads at the usual 5 ms
wake two hundred thousand times a second, and hardly any gets on with its work. So the interval
grows with the number of workers, and there are never more than twenty thousand such requests a
second. The price: beside a thread that computes without a pause, others wait for as long as the
interval. No thread of this program computes for long.

On Linux no more than some hundred workers wake at once: see `turnstile`. See `futexes` for the
kernel's part.
"""

from __future__ import annotations

import sys

from app.net import turnstile

EACH_WORKER_S = 50e-6  # so a hundred workers make no difference yet
LONGEST_S = turnstile.FREE * EACH_WORKER_S if turnstile.IS_KNOWN else 1.0


class Herd:
    """Fits the interpreter's switch interval to the number of workers. Any thread."""

    def __init__(self) -> None:
        self._usual_s = sys.getswitchinterval()

    def resize(self, workers: int) -> None:
        """Note how many workers there are; cheap enough for every client that comes or goes."""
        sys.setswitchinterval(max(self._usual_s, min(workers * EACH_WORKER_S, LONGEST_S)))
