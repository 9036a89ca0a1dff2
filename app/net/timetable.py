"""The thread that does things at their time, so that no worker sleeps over a delayed answer."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from itertools import count

from app.net.process import leave_signals_to_the_main_thread
from app.net.trace import USER, Show, thread_begins, thread_ends

MANY = 1000


class Due:
    """One thing to be done at its time, unless it is cancelled before."""

    __slots__ = ("deed", "mono_ns", "number")

    def __init__(self, mono_ns: int, number: int, deed: Callable[[], object]) -> None:
        self.mono_ns = mono_ns
        self.number = number
        self.deed: Callable[[], object] | None = deed

    def cancel(self) -> None:
        """Let nothing be done; too late for what is being done just now. Thread: any."""
        self.deed = None

    def __lt__(self, other: Due) -> bool:
        return (self.mono_ns, self.number) < (other.mono_ns, other.number)


class Timetable:
    """One thread named "timetable", which begins with the first thing to do. Any thread.

    What is done must return at once. What it raises is reported, and the next thing is done.
    """

    def __init__(self, report: Callable[[Exception], object], *, show: Show = USER) -> None:
        self._report = report
        self._show = show
        self._numbers = count()
        self._due: list[Due] = []  # a heap
        self._many = MANY  # of these are so many worth a look for cancelled ones
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def ident(self) -> int | None:
        """The thread's identifier; None before it has started."""
        return None if self._thread is None else self._thread.ident

    def after(self, delay_s: float, deed: Callable[[], object]) -> Due:
        """Do it in so many seconds. Raises RuntimeError: no more threads."""
        return self.at(time.monotonic_ns() + int(delay_s * 1e9), deed)

    def at(self, mono_ns: int, deed: Callable[[], object]) -> Due:
        """Do it at this moment of time.monotonic_ns. Raises RuntimeError: no more threads."""
        due = Due(mono_ns, next(self._numbers), deed)
        with self._changed:
            if self._stopping:
                return due
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="timetable", daemon=True)
                thread.start()
                self._thread = thread
            heapq.heappush(self._due, due)
            if len(self._due) > self._many:  # whoever cancels much must not fill the memory
                self._due = [one for one in self._due if one.deed is not None]
                heapq.heapify(self._due)
                self._many = max(MANY, 2 * len(self._due))
            if self._due and self._due[0] is due:
                self._changed.notify()
        return due

    def close(self, timeout_s: float) -> bool:
        """Do nothing any more; return whether the thread has ended in time."""
        with self._changed:
            self._stopping = True
            self._due.clear()
            self._changed.notify()
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        leave_signals_to_the_main_thread()
        thread_begins("timetable", show=self._show)
        try:
            while (due := self._next()) is not None:
                deed = due.deed
                try:
                    if deed is not None:
                        deed()
                except Exception as error:  # noqa: BLE001 - others' deeds rest on this thread
                    self._report(error)
        finally:
            thread_ends()

    def _next(self) -> Due | None:
        """Wait for what is due next and return it; None at the end."""
        with self._changed:
            while not self._stopping:
                if not self._due:
                    self._changed.wait()
                    continue
                left_ns = self._due[0].mono_ns - time.monotonic_ns()
                if left_ns <= 0:
                    return heapq.heappop(self._due)
                self._changed.wait(min(left_ns / 1e9, _LONGEST_WAIT_S))
        return None


_LONGEST_WAIT_S = 3600.0  # some systems take no longer ones
