"""Signals are for the main thread."""

from __future__ import annotations

import signal
import sys
import threading


def leave_signals_to_the_main_thread() -> None:
    """Block all signals in this thread and in those that it starts from now on.

    The system may give a signal to any thread that does not block it. Python runs handlers in the
    main thread alone, and nothing wakes that if one of ten thousand workers got the signal: Ctrl+C
    would do nothing. Does nothing in the main thread, and on Windows.
    """
    if sys.platform != "win32" and threading.current_thread() is not threading.main_thread():
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
