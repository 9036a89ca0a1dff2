"""A banner over the foot of a widget: it moves nothing, and mostly goes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme
from app.ui.widgets.banner import Banner

MOST_WIDTH_PX = 640
SHOWN_MS = 5_000


class FootBanner(Banner):
    """A result, a failure, or how far a work is, over the foot of `host`. GUI thread."""

    def __init__(self, host: QWidget, *, shown_ms: int = SHOWN_MS) -> None:
        """`shown_ms`: how long a result stays."""
        super().__init__(host)
        self._working = False
        self._timer = QTimer(self, singleShot=True, interval=shown_ms)
        self._timer.timeout.connect(self.hide)
        self.setAutoFillBackground(True)

    def say(self, words: Callable[[], str]) -> None:
        """Say `words` for some seconds."""
        self._begin("info", words)
        self._timer.start()

    def offer(
        self, words: Callable[[], str], button: Callable[[], str], act: Callable[[], object]
    ) -> None:
        """Say `words` for some seconds, with a button that calls `act`."""
        self.say(words)
        self.add_action(button, act)

    def say_error(self, words: Callable[[], str]) -> None:
        """Say what went wrong until the user closes it."""
        self._begin("error", words)

    def show_work(
        self, words: Callable[[], str], stop_words: Callable[[], str], stop: Callable[[], object]
    ) -> None:
        """Say how far a work is, with a button that stops it."""
        if self._working and not self.isHidden():
            self.change_words(words)
            return
        self._begin("info", words, closable=False)
        self._working = True
        self.add_action(stop_words, stop)

    def end_work(self) -> None:
        """The work has ended; what was said about it goes."""
        if self._working:
            self._working = False
            self.hide()

    def _begin(self, kind: str, words: Callable[[], str], *, closable: bool = True) -> None:
        self._working = False
        self._timer.stop()
        self.show_message(kind, words, closable=closable)
        self.raise_()

    @property
    def _host(self) -> QWidget:
        host = self.parentWidget()
        assert host is not None
        return host

    # -- its place -------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the host. A hidden banner must not hear of its every frame."""
        super().showEvent(event)
        self._host.installEventFilter(self)
        self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the host go."""
        super().hideEvent(event)
        self._host.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Other words, another button or other type: another height."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return done

    def _place(self) -> None:
        """Take the room that the sentence needs, in the middle."""
        gap = theme().px(8)
        width = min(self._host.width() - 2 * gap, theme().px(MOST_WIDTH_PX))
        height = self.heightForWidth(width)
        height = height if height > 0 else self.sizeHint().height()
        left = (self._host.width() - width) // 2
        self.setGeometry(left, self._host.height() - height - gap, width, height)
