"""What goes wrong unseen while the self-test runs.

Qt's warnings (a missing plugin, a bad style), and exceptions of ours that reach nobody, because Qt
or a thread called us: they go to a hook, which prints them where a windowed program shows nothing.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

# Qt says so of the system below, and goes on with what there is; it has nothing to do with us.
_KNOWN = (
    "This plugin does not support propagateSizeHints",  # offscreen, at each show() of a window
    "QtWindows::DpiAwareness::PerMonitorVersion2 is not supported",  # before 1703, and Wine
    "EnableNonClientDpiScaling() failed",  # the same systems: the older way is not there either
)
_TELLING = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Collect the complaints of the block. They may come from any thread."""
    found: list[str] = []

    def warned(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind not in _TELLING and not text.startswith(_KNOWN):
            found.append(text)

    def raised(kind: Any, error: Any = None, _trace: Any = None) -> None:
        if error is None:  # a thread's hook gets one object with all of it
            kind, error = kind.exc_type, kind.exc_value
        found.append(f"{kind.__name__}: {error}")

    with ExitStack() as stack:
        stack.callback(qInstallMessageHandler, qInstallMessageHandler(warned))
        for module, name in ((sys, "excepthook"), (threading, "excepthook")):
            stack.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, raised)
        yield found
