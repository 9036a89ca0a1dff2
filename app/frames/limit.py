"""Ends calls of the user's kits that do not end by themselves.

Stopped is raised in the thread from outside, between two of its bytecodes
(PyThreadState_SetAsyncExc, Python/C API); a call into C is not ended by that.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.frames.client import Stopped

LIMIT_S = 1.0
_LOOK_S = 0.1
_IDLE_LOOKS = 10  # then the watch ends, until it is needed again


class CallWatch:
    """Watches calls in any threads, with a thread of its own while there are some."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since_s: dict[int, float] = {}  # by thread ident
        self._watch: threading.Thread | None = None

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Raise Stopped in the calling thread after LIMIT_S. Not to be nested."""
        ident = threading.get_ident()
        with self._lock:
            self._since_s[ident] = time.monotonic()
            if self._watch is None:
                self._watch = threading.Thread(target=self._look, name="kit-watch", daemon=True)
                self._watch.start()
        try:
            yield
        finally:
            try:
                self._leave(ident)
            except Stopped:  # it was on its way already; it comes once
                self._leave(ident)

    def _leave(self, ident: int) -> None:
        with self._lock:  # from here on nobody raises anything in this thread
            self._since_s.pop(ident, None)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), None)

    def _look(self) -> None:
        idle = 0
        while True:
            time.sleep(_LOOK_S)
            with self._lock:
                idle = 0 if self._since_s else idle + 1
                if idle > _IDLE_LOOKS:
                    self._watch = None
                    return
                late_s = time.monotonic() - LIMIT_S
                for ident, since_s in self._since_s.items():
                    if since_s < late_s:
                        self._since_s[ident] = late_s + 2 * LIMIT_S  # once, and then again
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(
                            ctypes.c_ulong(ident), ctypes.py_object(Stopped)
                        )


WATCH = CallWatch()
