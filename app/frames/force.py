"""Raising an exception in another thread, between two of its bytecodes.

PyThreadState_SetAsyncExc, Python/C API. A call into C is not ended by that.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import MutableMapping
from typing import Any

from app.frames.client import Stopped


def raise_in(ident: int, kind: type[BaseException] | None) -> None:
    """Have a thread raise it soon; None: nothing any more. Under the lock of `leave`."""
    raised = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), raised)


def leave(threads: MutableMapping[int, Any], lock: threading.Lock) -> None:
    """Take the calling thread out of those in which Stopped may be raised, and never raise it."""
    while True:
        try:
            _leave(threads, lock)
        except Stopped:  # it was on its way already
            continue
        return


def _leave(threads: MutableMapping[int, Any], lock: threading.Lock) -> None:
    ident = threading.get_ident()
    with lock:  # from here on nobody raises anything in this thread
        threads.pop(ident, None)
        raise_in(ident, None)
