"""What the log says at its foot: a result, a failure, or how far a long work is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.ui.widgets import FootBanner

SHOWN_MS = 5_000


class LogNotice(FootBanner):
    """A strip over the foot of `host` that moves nothing."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._working = False
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def say(self, text: str) -> None:
        """Say `text` for some seconds."""
        self._show("info", text)
        self._timer.start()

    def say_error(self, text: str) -> None:
        """Say what went wrong until the user closes it."""
        self._show("error", text)

    def show_work(self, text: str, stop_text: str, stop: Callable[[], object]) -> None:
        """Say how far a work is, with a button that stops it."""
        if self._working and not self.isHidden():
            self._text.setText(text)
            return
        self._show("info", text, closable=False)
        self._working = True
        self.add_action(stop_text, stop)
        self.place()

    def end_work(self) -> None:
        """The work has ended; what was said about it goes."""
        if self._working:
            self._working = False
            self.hide()

    def _show(self, kind: str, text: str, *, closable: bool = True) -> None:
        self._working = False
        self._timer.stop()
        self.show_message(kind, text, closable=closable)
        self.place()
        self.raise_()
