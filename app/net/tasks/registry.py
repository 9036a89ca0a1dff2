"""The tasks of one server: they end with it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.net.tasks.facts import TaskEnd

if TYPE_CHECKING:
    from app.net.tasks.task import Task


class Tasks:
    """Those that have not ended. Any thread."""

    def __init__(self) -> None:
        self._running: dict[int, Task] = {}
        self._joining: list[Task] = []
        self._closed: TaskEnd | None = None
        self._lock = threading.Lock()

    @property
    def running(self) -> tuple[Task, ...]:
        """Those that have not ended, the oldest first."""
        return tuple(self._running.copy().values())

    def start(self, task: Task) -> None:
        """Begin a task of this server; where the port is being closed, it ends at once."""
        with self._lock:
            closed = self._closed
            if closed is None:
                self._running[task.number] = task
        task.begin() if closed is None else task.finish(closed)

    def end(self, why: TaskEnd) -> None:
        """End all of them, and whatever is started from now on."""
        with self._lock:
            self._closed = self._closed or why
            self._joining += self._running.values()
        for task in self.running:
            task.finish(why)

    def join(self, patience_s: float) -> int:
        """Wait for their threads, after `end`; return how many did not end in time."""
        deadline_s = time.monotonic() + patience_s
        return sum(not task.join(deadline_s) for task in self._joining)

    def look(self) -> None:
        """A client came or went."""
        if self._running:
            for task in self.running:
                task.look()

    def forget(self, task: Task) -> None:
        """It has ended."""
        self._running.pop(task.number, None)
