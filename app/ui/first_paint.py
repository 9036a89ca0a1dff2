"""The first picture of a window, and what waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

UNPAINTED_MS = 2_000  # so long after its start a window that nobody sees goes on


class FirstPaint(QObject):
    """Calls `then` once, after `window` was painted for the first time. GUI thread.

    A window that starts minimised, or behind a locked screen, is not painted: its port opens too.
    One that is closed first calls nothing: the program has ended.
    """

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._then = then
        window.installEventFilter(self)
        self._timer = QTimer(self, singleShot=True, interval=UNPAINTED_MS)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait no longer than until this paint is done, and not for a closed window."""
        if event.type() == QEvent.Type.Paint:
            self._timer.start(0)
        elif event.type() == QEvent.Type.Hide and not event.spontaneous():
            self._window.removeEventFilter(self)
            self._timer.stop()
        return False

    def _go_on(self) -> None:
        self._window.removeEventFilter(self)
        self._then()
