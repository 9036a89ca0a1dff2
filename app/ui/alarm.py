"""Tells the window of an exception that left a slot, a painting or a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.report.hooks import Hooks

if TYPE_CHECKING:
    from app.report.crash import CrashReport


class Alarm(QObject):
    """Hears of such exceptions from now until `close`. Made and closed in the GUI thread."""

    raised = Signal(object)
    """The detail of an error that the program outlives. From any thread: connect it queued."""

    def __init__(self, parent: QObject, report: CrashReport | None = None) -> None:
        super().__init__(parent)
        self._hooks = Hooks(
            report, lambda words: self.raised.emit({"error": words, "goes_on": True})
        )
        self.close = self._hooks.close
