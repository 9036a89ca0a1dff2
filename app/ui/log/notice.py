"""What the log says at its foot: a result, a failure, or how far a long work is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme
from app.ui.widgets import Banner

SHOWN_MS = 5_000
MOST_WIDTH_PX = 640


class LogNotice(Banner):
    """A strip over the foot of `host` that moves nothing."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._working = False
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.setAutoFillBackground(True)
        host.installEventFilter(self)

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
        self._place()

    def end_work(self) -> None:
        """The work has ended; what was said about it goes."""
        if self._working:
            self._working = False
            self.hide()

    def _show(self, kind: str, text: str, *, closable: bool = True) -> None:
        self._working = False
        self._timer.stop()
        self.show_message(kind, text, closable=closable)
        self._place()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        gap = theme().px(8)
        width = min(self._host.width() - 2 * gap, theme().px(MOST_WIDTH_PX))
        height = self.heightForWidth(width)
        height = height if height > 0 else self.sizeHint().height()
        left = (self._host.width() - width) // 2
        self.setGeometry(left, self._host.height() - height - gap, width, height)
