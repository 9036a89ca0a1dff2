"""How fast this machine computes just now, for bounds in the tests that are meant in seconds.

Machines differ by a factor of three, and one that is shared from one minute to the next: by so
much differs what a thread's own clock counts for the same work. Such a bound is meant for the
machine at which `MEANT_S` was taken; a slower one gets more, a faster one the same.
"""

from __future__ import annotations

import os
import statistics
import time

MEANT_S = 0.007  # what `_work` takes there
MOST = 4.0  # a machine that is slower still is to be noticed
TRIES = 5
# Beside as many other processes as there are processors, the caches are theirs too: that costs a
# window more than so small a piece of work shows.
BESIDE_OTHERS = 1.6 if "PYTEST_XDIST_WORKER" in os.environ else 1.0


def here_s(seconds: float) -> float:
    """Return what these seconds of computing may be on this machine, now. Any thread."""
    took_s = statistics.median(_work_s() for _ in range(TRIES))
    return seconds * BESIDE_OTHERS * min(max(took_s / MEANT_S, 1.0), MOST)


def _work_s() -> float:
    began_s = time.thread_time()
    _work()
    return time.thread_time() - began_s


def _work() -> int:
    """Do a little of what programs do: calls, texts, and a table larger than the nearest cache."""
    seen: dict[str, int] = {}
    for number in range(20_000):
        name = f"client {number * 7919 % 20_011}"
        seen[name] = seen.get(name, 0) + len(name)
    return sum(seen.values())
