"""Work that takes too long for the GUI thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.journal.errors import JournalError
from app.threads import await_end, begin

PROGRESS_S = 0.05  # the least time between two reports of progress


class Task(QObject):
    """One piece of work in a thread of its own. Can be cancelled.

    Lives in the GUI thread; the signals arrive there. Only `report`, `cancelled` and `deliver` are
    for the work itself. Keep a reference until `ended`, or call `stop`.
    """

    progressed = Signal(object, object)  # done, total: plain ints, which may exceed 32 bits
    delivered = Signal(object)  # a part of the result, while the work goes on
    done = Signal(object)  # the result; not emitted after `cancel`
    failed = Signal(str)  # the system's own words; for a mistake of ours, what it is
    ended = Signal()  # the thread has nothing more to do; the last signal, whatever happened

    def __init__(
        self,
        name: str,
        work: Callable[[Task], object],
        parent: QObject | None = None,
    ) -> None:
        """`name` is the thread's; `work` runs in it and returns the result."""
        super().__init__(parent)
        self._work = work
        self._cancelled = threading.Event()
        self._reported_s = 0.0
        self._over = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.ended.connect(self._go)

    def start(self) -> None:
        """Begin. Where there are no more threads, that is how the work fails."""
        try:
            begin(self._thread)
        except OSError as error:
            self._over = True
            text = str(error.strerror)
            QTimer.singleShot(0, self, lambda: self._fail(text))

    def _fail(self, text: str) -> None:
        if not self.cancelled():
            self.failed.emit(text)
        self.ended.emit()

    def cancelled(self) -> bool:
        """Whether the work should stop. Any thread."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to stop; returns at once."""
        self._cancelled.set()

    def stop(self) -> None:
        """Cancel, and let go: returns at once, and the task goes when its thread has ended.

        The window must not stand still until a thread notices, which among many busy ones may take
        seconds; `join_tasks` waits at the program's end.
        """
        self.cancel()
        self.setParent(None)
        _stopped.add(self)
        if self._over or self._thread.ident is None:
            self._go()

    def join(self) -> None:
        """Wait until the thread has ended, if it began."""
        await_end(self._thread)

    def _go(self) -> None:
        if self in _stopped:
            _stopped.remove(self)
            self.join()  # at most it is on its last line
            self.deleteLater()

    def report(self, done: int, total: int) -> None:
        """Tell how far the work is; more often than a frame is of no use and is left out."""
        now_s = time.monotonic()
        if now_s - self._reported_s >= PROGRESS_S and not self.cancelled():
            self._reported_s = now_s
            self.progressed.emit(done, total)

    def deliver(self, part: object) -> None:
        """Hand over a part of the result."""
        if not self.cancelled():
            self.delivered.emit(part)

    def _run(self) -> None:
        try:
            result = self._work(self)
        except (OSError, JournalError) as error:
            if not self.cancelled():
                self.failed.emit(getattr(error, "strerror", None) or str(error))
        except Exception as error:
            if not self.cancelled():
                self.failed.emit(f"{type(error).__name__}: {error}")
            raise  # to the thread's hook, with the place
        else:
            if not self.cancelled():
                self.done.emit(result)
        finally:  # whoever waits for the end must not wait for ever
            self._over = True
            self.ended.emit()


_stopped: set[Task] = set()  # threads that may still be at work. GUI thread


def join_tasks() -> None:
    """Wait until no stopped task has a thread: readers are closed and files whole. GUI thread."""
    for task in tuple(_stopped):
        task.join()
        task.stop()


class TaskSlot(QObject):
    """Room for one task of a kind: a new one takes the place of the one before. GUI thread.

    The signals are those of the task at work; nothing arrives of one that was cancelled.
    """

    progressed = Signal(object, object)  # done, total
    done = Signal(object)
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a task is at work."""
        return self._task is not None

    def start(self, task: Task) -> None:
        """Cancel the task before, and start this one."""
        self.cancel()
        self._task = task
        task.progressed.connect(self._on_progressed)
        task.done.connect(self._on_done)
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)
        task.start()
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Ask the task to stop, and forget it; returns at once."""
        if self._task is not None:
            self._leave(self._task)

    def stop(self) -> None:
        """Cancel: there will be no other task."""
        self.cancel()

    def _leave(self, task: Task) -> None:
        self._task = None
        task.stop()
        self.busy_changed.emit(False)

    def _on_progressed(self, done: int, total: int) -> None:
        if self.sender() is self._task:
            self.progressed.emit(done, total)

    def _on_done(self, result: object) -> None:
        if self._task is not None and self.sender() is self._task:
            self._leave(self._task)
            self.done.emit(result)

    def _on_failed(self, reason: str) -> None:
        if self._task is not None and self.sender() is self._task:
            self._leave(self._task)
            self.failed.emit(reason)

    def _on_ended(self) -> None:
        if self._task is not None and self.sender() is self._task:
            self._leave(self._task)
