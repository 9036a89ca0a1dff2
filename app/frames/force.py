"""Raising an exception in another thread, between two of its bytecodes.

PyThreadState_SetAsyncExc, Python/C API. A call into C is not ended by that.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import MutableMapping
from typing import Any

from app.frames.client import Stopped

_raised: set[int] = set()  # identifiers of threads to which something may be on its way
_AT_ONCE = 1_000  # turns of a loop; what was raised comes with the first


def raise_in(ident: int, kind: type[BaseException]) -> None:
    """Have a thread raise it soon. Under the lock of `leave`."""
    _raised.add(ident)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(kind))


def leave(threads: MutableMapping[int, Any], lock: threading.Lock) -> None:
    """Take the calling thread out of those in which Stopped may be raised, and never raise it."""
    ident = threading.get_ident()
    while True:
        try:
            with lock:  # from here on nobody raises anything in this thread
                threads.pop(ident, None)
            if ident in _raised:
                _let_come(ident)
                _raised.discard(ident)
        except Stopped:  # it was on its way already
            continue
        return


def _let_come(ident: int) -> None:
    """Have nothing on its way to the calling thread.

    CPython could be asked to take it back, but then it never rests again: each function and loop
    of the process looks for what is not there (a third of its pace), and one that is traced stands
    still for ever (3.11). So it comes, here, where it does no harm.
    """
    try:
        raise_in(ident, Stopped)  # in the place of the other
        for _ in range(_AT_ONCE):
            pass
    except Stopped:
        pass
