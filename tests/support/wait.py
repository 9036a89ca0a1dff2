"""Waiting for a condition: the only way a test may wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

POLL_S = 0.005
PATIENCE_S = (
    30.0  # on a busy machine all comes true, but late: only who waits in vain waits so long
)


def wait_until(
    predicate: Callable[[], object],
    timeout_s: float = PATIENCE_S,
    message: str | Callable[[], str] = "",
) -> None:
    """Return as soon as `predicate()` is true; raise AssertionError after `timeout_s`.

    Where a Qt application exists and this is its thread, its events are handled between two
    looks, so that queued signals arrive.
    """
    deadline = time.monotonic() + timeout_s
    while not predicate():
        if time.monotonic() > deadline:
            text = message() if callable(message) else message
            raise AssertionError(text or f"did not come true within {timeout_s} s: {predicate}")
        handle_qt_events()
        time.sleep(POLL_S)


def handle_qt_events() -> None:
    """Let Qt deliver what is queued for this thread; do nothing where Qt is not in use."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return
    application = core.QCoreApplication.instance()
    if application is not None and application.thread() == core.QThread.currentThread():
        application.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
        application.processEvents()
