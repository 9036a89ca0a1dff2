"""Large type: docks below the log no longer fit on the screen, so they go to the right side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer

from app.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDockWidget, QMainWindow

_RIGHT, _BOTTOM = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea


class Crowding(QObject):
    """Keeps the window as low as its screen while it is arranged for a class. GUI thread."""

    def __init__(self, window: QMainWindow, docks: Callable[[], list[QDockWidget]]) -> None:
        """`docks` tells those of the class; none: there is no class."""
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._roomy = QByteArray()  # the window as it is when there is room
        self._percent = 0.0  # the type size from which on there is none
        theme().changed.connect(self.look_later)

    def look_later(self) -> None:
        """Look once the new sizes are known."""
        QTimer.singleShot(0, self, self._look)

    def saved(self) -> QByteArray:
        """The window's state when there is room."""
        return self._window.saveState() if self._roomy.isEmpty() else self._roomy

    def forget(self) -> None:
        """The class is over, and the window has another state."""
        self._roomy = QByteArray()

    def _look(self) -> None:
        docks = self._docks()
        if not docks:
            return
        window, scale = self._window, theme().px(100)
        if not self._roomy.isEmpty() and scale < self._percent:
            window.restoreState(self._roomy)
            self._roomy = QByteArray()
        elif self._roomy.isEmpty() and window.minimumSizeHint().height() > self._limit:
            self._percent, self._roomy = scale, window.saveState()
            self._move(docks)
        if not window.isMaximized() and not window.isFullScreen() and window.height() > self._limit:
            window.resize(window.width(), self._limit)

    @property
    def _limit(self) -> int:
        """How high the window may be."""
        window = self._window
        frame = window.frameGeometry().height() - window.geometry().height()
        return window.screen().availableGeometry().height() - frame

    def _move(self, docks: list[QDockWidget]) -> None:
        window = self._window
        below = [d for d in docks if window.dockWidgetArea(d) == _BOTTOM and not d.isFloating()]
        beside = [d for d in docks if window.dockWidgetArea(d) == _RIGHT and not d.isFloating()]
        shown = next((d for d in beside if not d.visibleRegion().isEmpty()), None)
        for dock in below:
            window.addDockWidget(_RIGHT, dock)
            if beside:
                window.tabifyDockWidget(beside[-1], dock)
            beside.append(dock)
        if shown is not None:
            shown.raise_()
