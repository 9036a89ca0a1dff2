"""A notice over the foot of the table, which moves nothing and goes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme
from app.ui.widgets import Banner

SHOWN_MS = 10_000
MOST_WIDTH_PX = 640


class Toast(Banner):
    """One sentence and one button, over `host`."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.setAutoFillBackground(True)
        host.installEventFilter(self)

    def offer(self, sentence: str, button: str, act: Callable[[], object]) -> None:
        """Say `sentence` for some seconds; `button` calls `act`."""
        self.show_message("info", sentence)
        self.add_action(button, act)
        self._place()
        self.raise_()
        self._timer.start()

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
