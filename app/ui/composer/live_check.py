"""Checking while the user types, never at the cost of typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from app.ui.composer.check import Check

if TYPE_CHECKING:
    from collections.abc import Callable

_DELAY_MS = 120  # after the last key
_SHARE = 10  # a check that takes long waits ten times as long before it runs again


class LiveCheck(QObject):
    """Runs `compute` a moment after the last `poke`, and tells the outcome."""

    done = Signal(object)  # Check

    def __init__(self, compute: Callable[[], Check], parent: QObject) -> None:
        super().__init__(parent)
        self._compute = compute
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._run)

    def poke(self) -> None:
        """The text changed: wait until typing pauses."""
        self._timer.start()

    def nudge(self) -> None:
        """Something else changed, perhaps often: check soon, without starting the wait anew."""
        if not self._timer.isActive():
            self._timer.start()

    def _run(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        outcome = self._compute()
        self._timer.setInterval(max(_DELAY_MS, _SHARE * clock.elapsed()))
        self.done.emit(outcome)
