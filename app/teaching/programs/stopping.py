"""Ends threads that run somebody's code: politely, then by force; names the line of what stays.

A polite stop is a flag at which every method of `client` raises Stopped. Code that calls none of
them has Stopped raised in it from outside (`app.frames.force`). A call into C (a long `time.sleep`,
a lock) is not ended by that: such a thread is named with the line in which it stands, and its
client is closed by whoever asked.
"""

from __future__ import annotations

import linecache
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple

from app.frames.client import Stopped
from app.frames.force import leave, raise_in

FORCE_AFTER_S = 1.0
_TURN_S = 0.02


class StandsIn(NamedTuple):
    """A thread that does not end, and where in the student's file it stands."""

    thread: str
    line: int  # 0: in none
    text: str


class Stoppable:
    """The threads that run code of one file. Any thread."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._lock = threading.Lock()
        self._threads: dict[int, str] = {}  # ident -> name
        self.is_stopping = False
        self.forced: list[StandsIn] = []  # who had to be ended by force, and where it stood

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the calling thread in while it runs the code. Raises Stopped, on entering too."""
        ident = threading.get_ident()
        with self._lock:
            if self.is_stopping:
                raise Stopped
            self._threads[ident] = threading.current_thread().name
        try:
            yield
        finally:
            leave(self._threads, self._lock)

    @property
    def count(self) -> int:
        """How many threads run the code now."""
        return len(self._threads)

    def check(self) -> None:
        """Raise Stopped if the program is to end."""
        if self.is_stopping:
            raise Stopped

    def stop(
        self, deadline_s: float, closing: Callable[[], object] = lambda: None
    ) -> list[StandsIn]:
        """End all threads; return those that have not ended after `deadline_s`.

        `closing` is called first: it wakes who waits for a client, for instance by closing it.
        """
        self.is_stopping = True
        closing()
        begun_s, forced = time.monotonic(), False
        while (self._threads or self._strays()) and (
            passed_s := time.monotonic() - begun_s
        ) < deadline_s:
            if passed_s >= FORCE_AFTER_S and not forced:
                forced = True
                self.forced = self.standing()
                self._force()
            time.sleep(_TURN_S)
        standing = self.standing()
        stuck = {place.thread for place in standing}
        self.forced = [place for place in self.forced if place.thread not in stuck]
        return standing

    def _force(self) -> None:
        with self._lock:
            for ident in self._threads:
                raise_in(ident, Stopped)
        for ident in self._strays():  # SystemExit ends a thread without a word
            raise_in(ident, SystemExit)

    def _strays(self) -> dict[int, str]:
        """Threads that the code itself has started, and that stand in it."""
        frames = _frames()
        return {
            thread.ident: thread.name
            for thread in threading.enumerate()
            if thread.ident in frames
            and thread.ident not in self._threads
            and self._place("", frames[thread.ident]).line
        }

    def standing(self) -> list[StandsIn]:
        """Return the threads that run the code now, and where each stands in it."""
        frames = _frames()
        with self._lock:
            threads = self._threads | self._strays()
        return [self._place(name, frames.get(ident)) for ident, name in threads.items()]

    def _place(self, name: str, frame: FrameType | None) -> StandsIn:
        while frame is not None and frame.f_code.co_filename != self._filename:
            frame = frame.f_back
        if frame is None:
            return StandsIn(name, 0, "")
        text = linecache.getline(self._filename, frame.f_lineno).strip()
        return StandsIn(name, frame.f_lineno, text)


def _frames() -> dict[int, FrameType]:
    """Where all threads stand but the main one: who holds its frame while it goes on holds what is
    in it, a painter for instance."""
    frames = sys._current_frames()
    frames.pop(threading.main_thread().ident or 0, None)
    return frames
