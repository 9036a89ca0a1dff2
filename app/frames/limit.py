"""Ends calls of the user's kits that do not end by themselves, by force."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.frames.client import Stopped
from app.frames.force import leave, raise_in
from app.threads import begin

LIMIT_S = 1.0
_LOOK_S = 0.1
_IDLE_LOOKS = 3  # then the watch ends, until it is needed again


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
            if self._watch is None or not self._watch.is_alive():
                watch = threading.Thread(target=self._look, name="kit-watch", daemon=True)
                with suppress(OSError):  # no more threads: nobody watches this time
                    begin(watch)
                    self._watch = watch
        try:
            yield
        finally:
            leave(self._since_s, self._lock)

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
                        raise_in(ident, Stopped)


WATCH = CallWatch()
