"""Keeps the live journal: makes it when it is first needed, and tells what is new in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.bridge.traffic import TrafficMeter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.journal.journal import Journal, JournalHealth
    from app.journal.reader import Reader


class Keeper(QObject):
    """The journal of a run, its reader, and how much went through it. GUI thread."""

    opened = Signal(object)  # Journal: a new live journal, empty or continued
    closing = Signal()  # it will be closed now, and nothing more comes: who follows it ends
    entries_arrived = Signal(int)  # the newest entry's id; at most once a frame
    health_changed = Signal(object)  # JournalHealth

    def __init__(
        self,
        new_journal: Callable[[Callable[[], None]], Journal],
        poke: Callable[[], None],
        parent: QObject,
    ) -> None:
        """`new_journal` makes the journal of a run, which calls `poke` when it has news."""
        super().__init__(parent)
        self.journal: Journal | None = None
        self.reader: Reader | None = None
        self.meter = TrafficMeter()
        self._new_journal, self._poke = new_journal, poke
        self._health: JournalHealth | None = None
        self._last_id = 0

    def ensure(self) -> Journal:
        """The live journal, made now if there is none yet. Raises JournalError, OSError."""
        if self.journal is None:
            self.journal = self._new_journal(self._poke)
            self.reader = self.journal.reader()
            self._last_id = 0
            self.meter.restart()
            self.opened.emit(self.journal)
            self._poke()
        return self.journal

    def close(self) -> Path | None:
        """Close the live journal and return its path; None if there was none."""
        if self.journal is not None:
            self.closing.emit()
        if self.reader is not None:
            self.reader.close()
            self.reader = None
        if self.journal is None:
            return None
        path = self.journal.path
        self.journal.close(deadline_s=2.0)
        self.journal = None
        return path

    def tell_news(self) -> None:
        """Say what has come since the last time."""
        if self.journal is None:
            return
        last_id = self.journal.rearm_news()
        if last_id != self._last_id:
            self._last_id = last_id
            self.entries_arrived.emit(last_id)
        health = self.journal.health
        if self._health is None or health.fault != self._health.fault:
            self._health = health
            self.health_changed.emit(health)

    def measure(self) -> None:
        """Take the rates of now."""
        if self.journal is not None:
            self.meter.measure(self.journal.bytes_in, self.journal.bytes_out, time.monotonic_ns())
            self.tell_news()
