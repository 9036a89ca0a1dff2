"""What a script waits for: a pattern that comes, a time that is over.

A pattern is text with escapes (in each client's encoding), `hex:01 03 ?? 0A`, or `re:…`, a regular
expression over bytes whose search is given up where it takes too long. It is looked for in what
clients send, each stream by itself, also where several chunks hold it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.cli.output import complain
from app.journal.entry import Entry, Kind
from app.reply.conditions import Condition, Pattern, Words, hex_pattern
from app.text.decoder import EncodeFault
from app.text.faults import TooSlow
from app.wording import tr

if TYPE_CHECKING:
    from app.arguments import ConsoleWish

NOT_CAME = 4  # exit code
WINDOW_BYTES = 8 * 1024  # of a stream before a chunk, in which a pattern may begin


def condition_of(text: str) -> Condition:
    """Return what looks for a pattern. Raises RuleFault."""
    if text.startswith("hex:"):
        return hex_pattern(text.removeprefix("hex:"))
    if text.startswith("re:"):
        return Pattern(text.removeprefix("re:"))
    return Words(text, "text")


class Watch:
    """Follows the entries of a run, and knows when it is over. Main thread."""

    def __init__(self, wish: ConsoleWish, encoding_of: Callable[[int], str]) -> None:
        self._until = {text: condition_of(text) for text in wish.until}
        self._expected = {text: condition_of(text) for text in wish.expect}
        self._missing = {**self._until, **self._expected}
        self._encoding_of = encoding_of
        self._windows: dict[int, bytes] = {}
        self._ends_s = None if wish.for_s is None else time.monotonic() + wish.for_s
        self._slow: set[str] = set()

    def take(self, entries: Iterable[Entry]) -> None:
        """Look at what came."""
        if not self._missing:
            return
        for entry in entries:
            if entry.kind == Kind.IN:
                self._look(entry.client_id, entry.data)
            elif entry.kind == Kind.OFFLINE:
                self._windows.pop(entry.client_id, None)

    def _look(self, client_id: int, data: bytes) -> None:
        window = self._windows.get(client_id, b"") + data
        encoding = self._encoding_of(client_id)
        self._missing = {
            text: condition
            for text, condition in self._missing.items()
            if not self._has(text, condition, window, encoding)
        }
        self._windows[client_id] = window[-WINDOW_BYTES:]

    def _has(self, text: str, condition: Condition, window: bytes, encoding: str) -> bool:
        try:
            return condition.find(window, encoding) is not None
        except EncodeFault:  # the client's encoding lacks a character of it
            return False
        except TooSlow:
            if text not in self._slow:
                self._slow.add(text)
                complain(tr("console.pattern_slow", pattern=text))
            return False

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to wait for."""
        if self._ends_s is not None and time.monotonic() >= self._ends_s:
            return True
        waited_for = self._until or self._expected
        return bool(waited_for) and not any(text in self._missing for text in waited_for)

    @property
    def left_s(self) -> float | None:
        """How long it may still last; None: for ever."""
        return None if self._ends_s is None else max(self._ends_s - time.monotonic(), 0.001)

    def tell(self) -> int:
        """Say what did not come; return the run's exit code."""
        for text in self._missing:
            complain(tr("console.not_came", pattern=text))
        return NOT_CAME if self._missing else 0
