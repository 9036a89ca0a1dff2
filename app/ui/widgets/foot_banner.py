"""A banner over the foot of a widget: it moves nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme
from app.ui.widgets.banner import Banner

MOST_WIDTH_PX = 640


class FootBanner(Banner):
    """Lies over the foot of `host` and stays there when that is resized. GUI thread.

    Call `place` after what it says has changed.
    """

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setAutoFillBackground(True)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the host. A hidden banner must not hear of its every frame."""
        super().showEvent(event)
        self._host().installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the host go."""
        super().hideEvent(event)
        self._host().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Take the room that the sentence needs, in the middle."""
        host, gap = self._host(), theme().px(8)
        width = min(host.width() - 2 * gap, theme().px(MOST_WIDTH_PX))
        height = self.heightForWidth(width)
        height = height if height > 0 else self.sizeHint().height()
        left = (host.width() - width) // 2
        self.setGeometry(left, host.height() - height - gap, width, height)

    def _host(self) -> QWidget:
        host = self.parentWidget()
        assert host is not None
        return host
