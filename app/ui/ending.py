"""Ctrl+C and SIGTERM, turned into the closing of the window."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

if TYPE_CHECKING:
    from collections.abc import Callable


class EndingSignals(QObject):
    """SIGINT and SIGTERM close the window in order (POSIX; Windows sends a window message).

    Python runs its handlers only between two bytecodes, and an idle Qt loop runs none: the
    wake-up descriptor brings the signal into the event loop (Python's signal.set_wakeup_fd).
    """

    def __init__(self, end: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._end = end
        self._ends: tuple[int, int] | None = None
        if os.name != "posix":
            return
        self._ends = os.pipe()
        for end_fd in self._ends:
            os.set_blocking(end_fd, False)
        signal.set_wakeup_fd(self._ends[1], warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: None)
        self._notifier = QSocketNotifier(self._ends[0], QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def _on_signal(self) -> None:
        assert self._ends is not None
        os.read(self._ends[0], 64)
        self._end()

    def close(self) -> None:
        """Give the wake-up descriptor back."""
        if self._ends is None:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for end_fd in self._ends:
            os.close(end_fd)
        self._ends = None
