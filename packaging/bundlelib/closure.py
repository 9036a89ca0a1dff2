"""Which of many files are needed, when some are and each says what it wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def reached(roots: Iterable[str], wants: Callable[[str], Iterable[str]]) -> set[str]:
    """Return `roots`, what they want, what that wants, and so on."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += wants(name)
    return found
