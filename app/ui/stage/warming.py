"""Loads what the first class needs, a little at a time, while nobody waits for anything.

Loaded at the moment of entering, it held the window up for as long as all the rest did.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

AFTER_MS, BETWEEN_MS = 1_500, 60
# What others build on first: each step takes as long as two or three pictures, at most.
ROOMS = (
    *("app.teaching.pairs", "app.net.tls_context", "app.net.session", "app.net.server"),
    *("app.teaching.experiments.facts", "app.teaching.experiments.daemon_threads"),
    *("app.ui.stage.stage", "app.ui.classroom.timeline.boxes", "app.ui.classroom.source.piece"),
    *("app.teaching.experiments.catalogue", "app.ui.classroom.experiments.chooser"),
    "app.ui.classroom.experiments.piece",
)


class Warming(QObject):
    """Goes with its parent, or when all is there. GUI thread: no other may make Qt's classes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rooms: Iterator[str] = iter(ROOMS)
        self._timer = QTimer(self, interval=AFTER_MS)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def _step(self) -> None:
        self._timer.setInterval(BETWEEN_MS)
        room = next(self._rooms, None)
        if room is None:
            self.deleteLater()
        else:
            import_module(room)
