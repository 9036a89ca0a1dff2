"""What went wrong where nobody was told: an exception that left a slot, a painting or a thread.

Qt and Python print it and go on; a program without a console prints nowhere. So it is noted.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from app.report import log

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from app.report.crash import CrashReport

REPEAT_S = 10.0  # the same one from the same line: a painting fails thirty times a second
LONGEST = 200  # characters


class Hooks:
    """Hears of such exceptions from now until `close`. Made and closed in the main thread."""

    def __init__(self, report: CrashReport | None, told: Callable[[str], object]) -> None:
        """`told` gets a few words about each that the program outlives, in any thread."""
        self._report = report
        self._tell = told
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
        if self._note(kind, error, trace):
            self._before[0](kind, error, trace)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if self._note(args.exc_type, args.exc_value, args.exc_traceback):
            self._before[1](args)

    def _on_unraisable(self, args: sys.UnraisableHookArgs) -> None:
        if self._note(args.exc_type, args.exc_value, args.exc_traceback):
            self._before[2](args)

    def _note(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Note it, if it is new; return whether it is. Any thread."""
        place = trace
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = (kind, place.tb_frame.f_code, place.tb_lineno) if place else (kind,)
        now_s = time.monotonic()
        last_s = self._told.get(where)
        if last_s is not None and now_s < last_s + REPEAT_S:
            return False
        self._told[where] = now_s
        if issubclass(kind, Exception):
            log.trouble(kind, place)
            if self._report is not None and last_s is None:
                self._report.note(kind, error, trace)
            self._tell(" ".join(f"{kind.__name__}: {error}".split())[:LONGEST])
        return True
