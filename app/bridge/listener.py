"""The background QThread listener."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread

if TYPE_CHECKING:
    from app.net.reception import Reception


class ListenerThread(QThread):
    """Runs one server's accept loop from open to closed.

    The port is already bound when this thread starts, so a busy port is an error to the caller
    and not a late signal. `finished` comes after the last worker has ended.
    """

    def __init__(self, server: Reception, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("listener")
        self._server = server
        self.failure: Exception | None = None  # what ended it, if nobody asked it to end

    def run(self) -> None:
        """Accept clients until the server is told to stop (listener thread)."""
        try:
            self._server.serve()
        except Exception as error:  # noqa: BLE001 - it is told, see Controller
            self.failure = error
