"""Work on the journal that takes too long for the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.models.task import Task

if TYPE_CHECKING:
    from app.journal.reader import Reader


class LogTask(Task):
    """A task with a reader of its own."""

    def __init__(
        self,
        name: str,
        new_reader: Callable[[], Reader],
        work: Callable[[Reader, LogTask], object],
        parent: QObject | None = None,
    ) -> None:
        """`name` is the thread's; `work` runs in it and returns the result."""
        super().__init__(name, self._read, parent)
        self._new_reader = new_reader
        self._read_work = work

    def _read(self, _task: Task) -> object:
        reader = self._new_reader()
        try:
            return self._read_work(reader, self)
        finally:
            reader.close()


class FollowTask(LogTask):
    """A task that does not end: it takes up what arrives, until it is cancelled."""

    def __init__(
        self,
        name: str,
        new_reader: Callable[[], Reader],
        work: Callable[[Reader, LogTask], object],
        last_id: int,
        parent: QObject | None = None,
    ) -> None:
        """`last_id` is the newest entry of now."""
        super().__init__(name, new_reader, work, parent)
        self._wanted_id = last_id
        self._news = threading.Event()

    def follow(self, last_id: int) -> None:
        """There are entries up to `last_id` now. GUI thread."""
        self._wanted_id = last_id
        self._news.set()

    def cancel(self) -> None:
        """Ask the thread to end; returns at once."""
        super().cancel()
        self._news.set()


def reader_like(reader: Reader) -> Reader:
    """Return another reader of the same journal, for the thread that calls."""
    # A live journal's reader shares what is in memory; an old file's is made from the file.
    from app.journal.reader import Reader

    return Reader(reader.path, reader._source if reader.live else None, reader.key)
