"""What is on the screen and waits for a background thread to say something of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from itertools import islice
from typing import Generic, TypeVar

MOST_ASKED = 512  # more than a screen has

_Thing = TypeVar("_Thing")


class Wanted(Generic[_Thing]):
    """Things by their row's id: the GUI thread asks, a background thread takes."""

    def __init__(self) -> None:
        self._things: dict[int, _Thing] = {}
        self._guard = threading.Lock()
        self._news = threading.Event()

    def ask(self, things: Mapping[int, _Thing]) -> None:
        """These are on the screen now; the first of earlier ones are given up. Any thread."""
        with self._guard:
            self._things |= things
            for key in list(islice(self._things, max(len(self._things) - MOST_ASKED, 0))):
                del self._things[key]
        self._news.set()

    def wake(self) -> None:
        """Let the thread look whether it is to end."""
        self._news.set()

    def wait(self) -> None:
        """Wait until something was asked, or `wake`."""
        self._news.wait()
        self._news.clear()

    def take(self, count: int) -> dict[int, _Thing]:
        """Return up to `count` that were asked for last: the screen must not wait for all."""
        with self._guard:
            return dict(self._things.popitem() for _ in range(min(count, len(self._things))))
