"""A notice over the foot of the table, which moves nothing and goes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.ui.widgets import FootBanner

SHOWN_MS = 10_000


class Toast(FootBanner):
    """One sentence and one button, over `host`."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def offer(self, sentence: str, button: str, act: Callable[[], object]) -> None:
        """Say `sentence` for some seconds; `button` calls `act`."""
        self.show_message("info", sentence)
        self.add_action(button, act)
        self.place()
        self.raise_()
        self._timer.start()
