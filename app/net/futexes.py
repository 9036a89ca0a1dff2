"""Room in the kernel for thousands of threads that wait for the same lock."""

from __future__ import annotations

import sys
from functools import cache

# <linux/prctl.h>, since Linux 6.16
_PR_FUTEX_HASH = 78
_PR_FUTEX_HASH_SET_SLOTS = 1
_SLOTS = 4096


@cache
def widen_futex_table() -> None:
    """Give this process a large table of waiting threads. Once; elsewhere than on Linux, nothing.

    All threads that wait for the interpreter lock hang on one futex. Since Linux 6.16 a process
    keeps its futexes in a table of its own, and on two processors that has sixteen slots. Where
    another futex shares the slot (the mutex of the interpreter lock does, in one start of eight),
    waking its one waiter means passing by ten thousand others: 10,000 clients then take a minute to
    leave, with both processors busy, instead of a second. An older kernel refuses, and has a large
    table for all processes.
    """
    if sys.platform == "linux":
        import ctypes  # when the first port is opened: not needed to show a window

        nothing = ctypes.c_ulong(0)
        ctypes.CDLL(None).prctl(
            _PR_FUTEX_HASH,
            ctypes.c_ulong(_PR_FUTEX_HASH_SET_SLOTS),
            ctypes.c_ulong(_SLOTS),
            nothing,
            nothing,
        )
