"""A process seen from outside: memory, processor time, threads, descriptors. Linux."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil

MIB = 1024 * 1024
LOOK_S = 0.02  # between two looks, where nothing else is said


class Watched:
    """One process by its id."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._process = psutil.Process(pid)
        self._folder = Path(f"/proc/{pid}")

    @property
    def memory_bytes(self) -> int:
        """What is resident now."""
        return int(self._process.memory_info().rss)

    @property
    def threads(self) -> int:
        """How many there are."""
        return int(self._process.num_threads())

    @property
    def descriptors(self) -> int:
        """How many are open."""
        return len(os.listdir(self._folder / "fd"))  # noqa: PTH208 - ten thousand: Path objects cost

    @property
    def cpu_s(self) -> float:
        """Processor time used so far, in user and kernel."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def restart_peak(self) -> None:
        """Let `peak_bytes` begin anew."""
        with contextlib.suppress(OSError):
            (self._folder / "clear_refs").write_text("5")

    @property
    def peak_bytes(self) -> int:
        """The most that was resident since `restart_peak`."""
        for line in (self._folder / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        return self.memory_bytes

    def cpu_percent(self, seconds: float) -> float:
        """Sleep, and return how much of one processor was used meanwhile."""
        before, began_s = self.cpu_s, time.monotonic()
        time.sleep(seconds)
        return (self.cpu_s - before) / (time.monotonic() - began_s) * 100

    def settle(self, longest_s: float = 20.0) -> bool:
        """Wait until it uses less than 5 % of a processor over half a second."""
        until_s = time.monotonic() + longest_s
        while time.monotonic() < until_s:
            if self.cpu_percent(0.5) < 5:
                return True
        return False


class TookTooLong(Exception):
    """Something did not come true in time."""


def wait_for(
    is_so: Callable[[], object], longest_s: float, what: str, look_s: float = LOOK_S
) -> float:
    """Wait until `is_so()`; return the monotonic second at which it was. Raises TookTooLong."""
    until_s = time.monotonic() + longest_s
    while True:
        if is_so():
            return time.monotonic()
        if time.monotonic() > until_s:
            raise TookTooLong(f"{what}: not within {longest_s:g} s")
        time.sleep(look_s)
