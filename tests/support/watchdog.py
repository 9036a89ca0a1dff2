"""Tells when the GUI thread kept its event loop waiting: whoever uses the window sees it stand.

A timer beats in the event loop, and a thread beside it looks on. Time counts only while the GUI
thread itself is to blame: while it computes, by its own processor clock, or while it sleeps in a
slot. So a machine that stands still as a whole is no fault, and what a test does between two looks
at the event loop is none either. How much is let pass depends on how fast the machine computes at
that moment. Linux only: elsewhere nothing is told.
"""

from __future__ import annotations

import faulthandler
import re
import tempfile
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer

from tests.support.machine import here_s

LONGEST_S = 0.25
BEAT_MS = 20
LOOK_S = 0.02
OVERSLEPT = 4  # so many looks late: the thread that looks was itself kept from running
SHOWN_FRAMES = 6

_FRAME = re.compile(r'^  File "(?P<file>.+)", line (?P<line>\d+) in (?P<name>.+)$', re.MULTILINE)


class Frame(NamedTuple):
    """Where a thread is, and in which function."""

    file: str
    line: str
    name: str

    def __str__(self) -> str:
        return f"  {self.file}:{self.line} {self.name}"


IsLoop = Callable[[Frame], bool]


class Watchdog:
    """Watches the thread that makes it, from now to the end of the process."""

    def __init__(self, application: QObject, is_loop: IsLoop, longest_s: float = LONGEST_S) -> None:
        """`is_loop`: whether a frame of the GUI thread is one that runs the event loop."""
        self._is_loop = is_loop
        self._longest_s = longest_s
        self._late: list[str] = []
        self._beats = 0
        self._held_s, self._where = 0.0, ""  # what goes on now
        if not hasattr(time, "pthread_getcpuclockid"):
            return
        self._thread = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._thread)
        self._stat = Path(f"/proc/self/task/{threading.get_native_id()}/stat")
        self._dump = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the process
        self._timer = QTimer(application, interval=BEAT_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        threading.Thread(target=self._look_on, name="watchdog", daemon=True).start()

    def take(self) -> list[str]:
        """Return what was late since the last call: for how long, and where the thread was."""
        if self._held_s >= self._longest_s:
            self._settle()
        late, self._late = self._late, []
        return late

    def _settle(self) -> None:
        held_s, where = self._held_s, self._where
        self._held_s, self._where = 0.0, ""
        if held_s >= self._longest_s and held_s >= here_s(self._longest_s):
            self._late.append(f"late by {held_s * 1000:.0f} ms, in\n{where}")

    def _beat(self) -> None:
        self._beats += 1

    def _look_on(self) -> None:
        beats = 0
        looked, computed = time.monotonic(), time.clock_gettime(self._clock)
        while True:
            time.sleep(LOOK_S)
            before, looked = looked, time.monotonic()
            so_far, computed = computed, time.clock_gettime(self._clock)
            spent_s = computed - so_far
            beaten, beats = beats != self._beats, self._beats
            if not beaten or spent_s >= self._longest_s:
                self._count(spent_s, looked - before)
            if beaten:
                self._settle()

    def _count(self, computed_s: float, passed_s: float) -> None:
        """Add to what goes on now: what was computed, or all that passed while it slept."""
        stack = self._stack()
        depth = next((at for at, frame in enumerate(stack) if self._is_loop(frame)), None)
        if depth is None:  # the event loop does not run
            self._held_s = 0.0
            return
        if depth and self._held_s < self._longest_s:  # later it is only being finished
            self._where = "\n".join(map(str, stack[:SHOWN_FRAMES]))
        sleeps = depth and passed_s < OVERSLEPT * LOOK_S and self._sleeps()
        self._held_s += passed_s if sleeps else computed_s

    def _stack(self) -> list[Frame]:
        """Where the GUI thread is, innermost first; as text, since a frame would keep its locals.

        (A painter that is kept alive beyond its paint event ends the program.)
        """
        self._dump.seek(0)
        self._dump.truncate()
        faulthandler.dump_traceback(self._dump)
        self._dump.seek(0)
        for part in self._dump.read().split("\n\n"):
            if part.startswith(f"Thread 0x{self._thread:016x}"):
                return [Frame(*found) for found in _FRAME.findall(part)]
        return []

    def _sleeps(self) -> bool:
        return self._stat.read_text().rpartition(")")[2].split()[0] in ("S", "D")


@cache
def watchdog_of(application: QObject) -> Watchdog:
    """Return the one that watches the tests of this process."""
    return Watchdog(application, _is_loop_of_tests)


def _is_loop_of_tests(frame: Frame) -> bool:
    """Whether a frame is one that handles events in a test: ours, or pytest-qt's."""
    if frame.name == "handle_qt_events":
        return True
    return frame.name in ("wait", "_process_events") and "pytestqt" in frame.file
