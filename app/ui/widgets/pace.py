"""Work that is often asked for, and done now and then."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Pace(QObject):
    """Does `work` when asked: at once after a rest, otherwise when the interval is over.

    Whatever is asked for is done once, afterwards. GUI thread.
    """

    def __init__(self, work: Callable[[], object], interval_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self.interval_ms = interval_ms
        self._done_s = -float(interval_ms)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.now)

    def ask(self) -> None:
        """Have it done soon."""
        if self._timer.isActive():
            return
        rested_ms = (time.monotonic() - self._done_s) * 1000
        if rested_ms >= self.interval_ms:
            self.now()
        else:
            self._timer.start(int(self.interval_ms - rested_ms) + 1)

    def stop(self) -> None:
        """Do it no more for what was asked so far."""
        self._timer.stop()

    def now(self) -> None:
        """Do it now."""
        self._timer.stop()
        self._done_s = time.monotonic()
        self._work()
