"""What an experiment works with: it waits, can be cancelled, and leaves nothing behind."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from app.net.trace import thread_begins
from app.teaching.experiments.facts import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.teaching.experiments.facts import Result, Value

PATIENCE_S = 10.0  # for any one thing to happen
LOOK_S = 0.002


class Cancelled(Exception):
    """The user does not want the experiment to go on."""


class TookTooLong(Exception):
    """Something did not happen in time."""


class Lab:
    """One run of one experiment. Its methods are for the thread that runs it; `cancel` for any."""

    def __init__(self, on_step: Callable[[Step], object]) -> None:
        """`on_step` is told of each step, in the running thread, which it may hold up.

        While it does, the experiment's clock stands still.
        """
        self.last_step = ""  # its key
        self._on_step = on_step
        self._cancelled = threading.Event()
        self._began_s = time.monotonic()
        self.belongings = ExitStack()  # closed when the experiment ends, however it ends

    def run(self, experiment: Callable[[Lab], Result]) -> Result:
        """Play the experiment to its end. A lab is used once, in a thread of its own.

        Raises Cancelled, TookTooLong, OSError, JournalError.
        """
        thread_begins("experiment", on_show=False)
        with self.belongings:
            return experiment(self)

    def cancel(self) -> None:
        """Make the experiment raise Cancelled soon. Any thread."""
        self._cancelled.set()

    def step(self, key: str, **facts: Value) -> None:
        """Tell that this has happened."""
        self.check()
        self.last_step = key
        now_s = time.monotonic()
        self._on_step(Step(key, facts, now_s - self._began_s))
        self._began_s += time.monotonic() - now_s
        self.check()

    def check(self) -> None:
        """Raise Cancelled if the user wants so."""
        if self._cancelled.is_set():
            raise Cancelled

    def wait_until(self, is_so: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Wait for something to happen. Raises Cancelled, TookTooLong."""
        until_s = time.monotonic() + patience_s
        while not is_so():
            if time.monotonic() > until_s:
                raise TookTooLong(self.last_step)
            if self._cancelled.wait(LOOK_S):
                raise Cancelled
