"""What this process asks of its system and its interpreter, whatever the number of servers."""

from __future__ import annotations

import signal
import sys
import threading
from functools import cache

# A thread that waits for the interpreter asks for it each time so long a while has passed; so long
# a window waits, several times a frame, beside a thread that computes or a client that floods.
# Python's own 5 ms are too long for that; and as a crowd comes through its turnstile two by two,
# nothing is gained by a longer one (8,000 clients leave in 1.8 s at 1.5 ms, in 2.0 s at 5 ms).
SWITCH_INTERVAL_S = 1.5e-3

# What the rest of the program opens: the journal, the window, libraries, a demo client or two.
RESERVED = 100
_MACOS_CEILING = 10_240  # OPEN_MAX: setrlimit refuses more, even where the hard limit is infinite

# <linux/prctl.h>, since Linux 6.16
_PR_FUTEX_HASH = 78
_PR_FUTEX_HASH_SET_SLOTS = 1
_SLOTS = 4096

# What a thread does to itself by a fault: blocked, it would end the process without a word.
_OWN_FAULTS = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP", "SIGSYS")


def prepare_process() -> None:
    """Get ready for thousands of clients; again and again does no harm. Any thread."""
    switch_threads_soon()
    raise_descriptor_limit()
    widen_futex_table()


@cache
def switch_threads_soon() -> None:
    """Let no thread keep the interpreter for long while others want it. Once, for good."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)


def raise_descriptor_limit() -> None:
    """Raise this process's soft limit to its hard one; do nothing where that is not allowed."""
    if sys.platform == "win32":
        return  # sockets are not limited by number there
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return
    for wanted in (hard, _MACOS_CEILING):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            continue
        return


def most_clients(wanted: int) -> int:
    """Return `wanted`, or less if the descriptor limit does not allow so many clients."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, soft - RESERVED))


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


def leave_signals_to_the_main_thread() -> None:
    """Block signals in this thread and in those that it starts from now on.

    The system may give a signal to any thread that does not block it. Python runs handlers in the
    main thread alone, and nothing wakes that if one of ten thousand workers got the signal: Ctrl+C
    would do nothing. A thread's own faults are left alone: whoever dumps a crash needs them. Does
    nothing in the main thread, and on Windows.
    """
    if sys.platform != "win32" and threading.current_thread() is not threading.main_thread():
        own = {getattr(signal, name) for name in _OWN_FAULTS if hasattr(signal, name)}
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - own)
