"""News for the GUI thread, at most once a frame."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MS = 33  # 30 frames a second: more than a reader's eye follows in a log
SLOWEST_FRAME_MS = 95  # what is sent is in sight soon, also under a flood
SHARE = 0.035  # of its time that the GUI thread spends on news while there is always more


class Feed(QObject):
    """Turns any number of pokes from any thread into one `frame` signal at a time.

    Lives in the GUI thread; only `poke` may be called from elsewhere. Frames come every FRAME_MS,
    or less often where showing the news is dear: what the GUI thread takes of the interpreter, the
    workers and the journal's writer do not have. While there is news in every frame, one timer
    goes on by itself: each event that the GUI thread wakes for may have to wait for the
    interpreter.
    """

    frame = Signal()
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._news = False
        self._awake = False  # the timer runs, or is about to
        self._last_frame_s = 0.0
        self._spent_s = time.thread_time()  # by the GUI thread when the last frame began
        self._wait_ms = FRAME_MS
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._run)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def poke(self) -> None:
        """Say that there is news. Any thread; costs two attributes while a frame is due."""
        self._news = True
        # Two threads may both see False: then two events are queued, and the second finds the
        # timer running. A lock here would cost every append.
        if not self._awake:
            self._awake = True
            self._woken.emit()

    def _on_woken(self) -> None:
        if self._timer.isActive():
            return
        wait_ms = self._wait_ms - (time.monotonic() - self._last_frame_s) * 1000
        if wait_ms <= 0:
            self._run()
        else:
            self._timer.start(int(wait_ms) + 1)

    def _run(self) -> None:
        if not self._has_news():
            self._awake = False
            if not self._has_news():  # who poked in between saw it awake
                return
            self._awake = True
        self._pace()
        self._timer.start(self._wait_ms)
        # Lowered before the frame reads: news that comes while it reads asks for another frame.
        self._news = False
        self.frame.emit()

    def _has_news(self) -> bool:
        return self._news

    def _pace(self) -> None:
        """Fit the time between frames to what the last one took, painting included."""
        spent_s = time.thread_time()
        took_ms = (spent_s - self._spent_s) * 1000
        self._wait_ms = round(min(max(took_ms / SHARE, FRAME_MS), SLOWEST_FRAME_MS))
        self._spent_s = spent_s
        self._last_frame_s = time.monotonic()
