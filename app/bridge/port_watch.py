"""What becomes of a port that could not be opened: who holds it, and when it may be tried again."""

from __future__ import annotations

import threading
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Signal

from app.net.facts import ListenError, ListenFault
from app.net.holder import explained
from app.threads import begin

AGAIN_MS = 1000


class PortWatch(QObject):
    """Looks in a thread of its own, because that takes a walk through all processes. GUI thread."""

    found = Signal(object)  # ListenError that says more than the one asked about
    due = Signal()  # old connections held the port: try again
    _looked = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0  # of the look whose answer is wanted
        self._looks = self._waits = False
        self._again = QTimer(self, interval=AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self.due)
        self._looked.connect(self._on_looked)

    @property
    def waits_for_old_connections(self) -> bool:
        """Whether the port will be tried again."""
        return self._waits

    @property
    def may_be_due(self) -> bool:
        """Whether the port will be tried again, or that is not known yet."""
        return self._looks or self._waits

    def look(self, error: ListenError) -> None:
        """Find out more about `error`; `found` tells, if there is more."""
        self._again.stop()
        self._number += 1
        self._looks = True
        number, looked = self._number, self._looked

        def search() -> None:
            more = explained(error)
            with suppress(RuntimeError):  # the program has ended meanwhile
                looked.emit(number, more)

        try:
            begin(threading.Thread(target=search, name="port-holder", daemon=True))
        except OSError:
            looked.emit(number, error)  # nothing more is found out

    def stop(self) -> None:
        """The port is open, or another one is wanted: nothing is to be found out any more."""
        self._number += 1
        self._looks = self._waits = False
        self._again.stop()

    def _on_looked(self, number: int, error: ListenError) -> None:
        if number != self._number:
            return
        self._looks = False
        self._waits = error.fault is ListenFault.OLD_CONNECTIONS
        if self._waits:
            self._again.start()
        self.found.emit(error)
