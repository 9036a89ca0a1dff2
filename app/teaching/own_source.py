"""Portside's own source, as it runs, and where threads stand in it."""

from __future__ import annotations

import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.teaching.calls import Call

# In the order in which a student reads them.
OWN_MODULES = ("app.net.server", "app.net.session", "app.net.listening", "app.net.outlet")
_OWN = frozenset(OWN_MODULES)


def source_path(module_name: str) -> Path:
    """Return where a module's source is: beside the module, in the frozen program too."""
    return Path(import_module(module_name).__file__ or "").with_suffix(".py")


def read_source(module_name: str) -> str:
    """Return a module's source. Raises OSError if it did not ship with the program."""
    return source_path(module_name).read_text(encoding="utf-8")


def own_line_of(call: Call) -> tuple[str, int]:
    """Return module and line of OWN_MODULES that made a call; ("", 0) if none did."""
    for module, number in call.lines:
        if module in _OWN:
            return module, number
    return "", 0


def threads_in(module_name: str, is_seen: Callable[[int], bool]) -> Counter[int]:
    """Return how many of the threads that are seen (by ident) stand in each line of a module.

    A thread stands in the innermost of the module's functions that it is in, also while that waits
    for another one. Any thread may ask; measured: some 2 ms for 1,000 threads.
    """
    found: Counter[int] = Counter()
    for ident, innermost in sys._current_frames().items():
        frame = innermost if is_seen(ident) else None
        while frame is not None:
            if frame.f_globals.get("__name__") == module_name:
                found[frame.f_lineno] += 1
                break
            frame = frame.f_back
    return found
