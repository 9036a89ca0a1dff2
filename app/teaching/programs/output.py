"""What a student's program prints: kept, bounded, and told to whoever shows it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

MOST_LINES = 2_000
LONGEST_LINE = 2_000  # characters


class Printed(NamedTuple):
    """One call of `print`."""

    thread: str
    text: str


class Output:
    """Collects what is printed. Any thread."""

    def __init__(self, on_news: Callable[[], object] = lambda: None) -> None:
        """`on_news` is called in the thread that printed."""
        self._on_news = on_news
        self._lines: deque[Printed] = deque(maxlen=MOST_LINES)
        self.count = 0  # of all, those that were let go too

    def print(self, *values: object, sep: str = " ", end: str = "\n", **_rest: object) -> None:
        """Stand in for the built-in `print`; where it prints to is not the student's choice."""
        text = (sep or "").join(str(value) for value in values)
        if end and end != "\n":
            text += end
        if len(text) > LONGEST_LINE:
            text = text[:LONGEST_LINE] + "…"
        self._lines.append(Printed(threading.current_thread().name, text))
        self.count += 1
        self.tell()

    def tell(self) -> None:
        """Say that there is news of the program, printed or other. Any thread."""
        self._on_news()

    def lines(self) -> list[Printed]:
        """Return the newest lines, the oldest first."""
        return list(self._lines.copy())
