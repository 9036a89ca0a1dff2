"""Ctrl+C, SIGTERM and a closed terminal, turned into an end in good order."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from app.cli.output import Interrupted, Output

# After a signal a write to stdout may take so long; then nobody reads, and it is given up.
PATIENCE_S = 3.0
# How often a blocked main thread is woken to look whether a signal came.
LOOK_S = 1.0

# SIGHUP: the terminal was closed (POSIX). SIGBREAK: Ctrl+Break (Windows).
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class EndingSignals:
    """While entered, the signals that end a program call `end`. Main thread.

    `end` runs between any two steps of the main thread, so it may only do what is safe there, such
    as `SimpleQueue.put`. If the main thread still waits in a write to `output` PATIENCE_S later,
    because nobody reads it, Interrupted is raised there (POSIX).

    The timer runs from the beginning, and not only from the signal on: a signal that arrives just
    before a write blocks does not interrupt it, and Python runs its handlers between two steps of
    the main thread. Without the next alarm the handler, and all it would set up, waits for ever.
    """

    def __init__(self, output: Output, end: Callable[[], object]) -> None:
        self.came = False
        self._give_up_s = 0.0  # when a write has waited long enough, on the monotonic clock
        self._output = output
        self._end = end
        self._before: dict[int, Any] = {}

    def __enter__(self) -> EndingSignals:
        """Take the signals over."""
        for name in NAMES:
            number = getattr(signal, name, None)
            if number is None:
                continue
            # nohup lets a program outlive its terminal by ignoring SIGHUP. SIGINT is taken even
            # so: every shell script ignores it for what it starts in the background.
            if name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN:
                continue
            self._before[number] = signal.signal(number, self._on_signal)
        if sys.platform != "win32":
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._on_alarm)
            signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self.came:
            self.came = True
            self._give_up_s = time.monotonic() + PATIENCE_S
        self._end()

    def _on_alarm(self, number: int, frame: FrameType | None) -> None:
        if self.came and self._output.waits and time.monotonic() >= self._give_up_s:
            raise Interrupted
