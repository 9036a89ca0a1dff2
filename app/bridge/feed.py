"""News for the GUI thread, at most once a frame."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MS = 33  # 30 frames a second: more than a reader's eye follows in a log


class Feed(QObject):
    """Turns any number of pokes from any thread into one `frame` signal per FRAME_MS.

    Lives in the GUI thread; only `poke` may be called from elsewhere.
    """

    frame = Signal()
    _poked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pending = False
        self._last_frame_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._run)
        self._poked.connect(self._on_poked, Qt.ConnectionType.QueuedConnection)

    def poke(self) -> None:
        """Say that there is news. Any thread; costs an attribute read while a frame is due."""
        # Two threads may both see False: then two events are queued and the second frame is
        # empty. A lock here would cost every append.
        if not self._pending:
            self._pending = True
            self._poked.emit()

    def _on_poked(self) -> None:
        if self._timer.isActive():
            return
        wait_ms = FRAME_MS - (time.monotonic() - self._last_frame_s) * 1000
        if wait_ms <= 0:
            self._run()
        else:
            self._timer.start(int(wait_ms) + 1)

    def _run(self) -> None:
        self._last_frame_s = time.monotonic()
        # Lowered before the frame reads: news that comes while it reads asks for another frame.
        self._pending = False
        self.frame.emit()
