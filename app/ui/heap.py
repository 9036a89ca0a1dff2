"""Memory that is given back: many threads and large pictures come and go in this process."""

from __future__ import annotations

import ctypes
import sys

# mallopt(3) of the GNU C library.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
OWN_BYTES = 2 * 1024 * 1024  # what is as large has pages of its own: they go when it is freed
_TOP_BYTES = 1024 * 1024  # so much stays free at the heap's end
_ARENAS = 2  # hardly ever do two threads allocate at once: each holds the interpreter's lock


def give_back() -> None:
    """Let freed memory go back to the system, before threads begin. GNU/Linux only.

    Left to itself the library lets the first large picture that is freed raise its limits, and
    gives hundreds of clients' threads heaps of their own: after some minutes of a lively class
    twice as much is held as is in use.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, OWN_BYTES)
        mallopt(_TRIM_THRESHOLD, _TOP_BYTES)
        mallopt(_ARENA_MAX, _ARENAS)
