"""What went wrong where nobody was told: an exception that left a slot, a painting or a thread.

Qt and Python print it and go on; a program without a console prints nowhere. So it is told too.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from types import TracebackType

REPEAT_S = 10.0  # the same one from the same line: a painting fails thirty times a second
LONGEST = 200  # characters


class Alarm(QObject):
    """Hears of such exceptions from now until `close`. Made and closed in the GUI thread."""

    raised = Signal(object)
    """The detail of an error that the program outlives. From any thread: connect it queued."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._told: dict[tuple[object, ...], float] = {}  # when, by kind and place
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._on_slot
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def close(self) -> None:
        """Leave it to those who heard of it before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def _on_slot(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if self._tell(kind, error, trace):
            self._before[0](kind, error, trace)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if self._tell(args.exc_type, args.exc_value, args.exc_traceback):
            self._before[1](args)

    def _on_unraisable(self, args: sys.UnraisableHookArgs) -> None:
        if self._tell(args.exc_type, args.exc_value, args.exc_traceback):
            self._before[2](args)

    def _tell(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Tell it, if it is new; return whether it is. Any thread."""
        place = trace
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = (kind, place.tb_frame.f_code, place.tb_lineno) if place else (kind,)
        now_s = time.monotonic()
        if now_s < self._told.get(where, -REPEAT_S) + REPEAT_S:
            return False
        self._told[where] = now_s
        if issubclass(kind, Exception):
            words = " ".join(f"{kind.__name__}: {error}".split())[:LONGEST]
            self.raised.emit({"error": words, "goes_on": True})
        return True
