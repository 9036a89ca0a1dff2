"""A task that the timetable's thread carries on: a generator that says when it is to go on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.journal.errors import JournalClosed
from app.net.tasks.facts import TaskEnd
from app.net.tasks.task import Task

if TYPE_CHECKING:
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.timetable import Due

AT_ONCE = 64  # clients; then others have their turn
AT_LAST = 1 << 62  # when a task goes on that waits for a look


class TimedTask(Task):
    """Its steps are never done by two threads at once."""

    def __init__(self, name: str, server: Reception, clients: tuple[ClientRef, ...] | None) -> None:
        super().__init__(name, server, clients)
        self._timetable = server.shared.timetable
        self._run = self._steps()
        self._due: Due | None = None
        self._due_ns = AT_LAST
        self._looks = False

    @abstractmethod
    def _steps(self) -> Iterator[int]:
        """Send, and yield when to go on, by the task's clock, or earlier; at the end, return."""

    def _begin(self) -> None:
        self.look()

    def look(self) -> None:
        """Go on now. Thread: any."""
        with self._lock:
            if self.end is not None or self._looks:
                return
            self._looks = True
            self._plan(0)

    def _plan(self, mono_ns: int) -> None:
        """Under the lock. Who is waited for anyway at an earlier time is not waited for twice."""
        if self._due is not None:
            if self._due_ns == mono_ns:
                return
            self._due.cancel()
        self._due = self._timetable.at(mono_ns, self._wake) if mono_ns < AT_LAST else None
        self._due_ns = mono_ns

    def _wake(self) -> None:
        """Thread: the timetable."""
        with self._lock:
            self._due, self._looks = None, False
        if self._is_deserted():
            self.finish(TaskEnd.CLIENT_LEFT)
        if self._paused or self.end is not None:
            return
        try:
            due_ns = next(self._run, None)
        except JournalClosed:
            self.finish(TaskEnd.PORT_CLOSED)
        except Exception as error:  # noqa: BLE001 - the trouble of one task
            self.fail(error)
        else:
            if due_ns is None:
                self.finish(TaskEnd.DONE)
                return
            with self._lock:
                if self.end is None and not self._looks:
                    self._plan(due_ns + self._stood_ns)

    def _clean_up(self) -> None:
        with self._lock:
            if self._due is not None:
                self._due.cancel()
