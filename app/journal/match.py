"""What find finds, and what looks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from app.journal.context import ContextDecoder
from app.journal.entry import Entry
from app.journal.needle import Needle
from app.journal.reader import Reader


class Match(NamedTuple):
    """Where the needle is: in bytes, of a regular expression in characters of its entry's text."""

    entry_id: int  # it begins here
    start_bytes: int  # in that entry's data
    length_bytes: int
    last_id: int  # it ends here


class Accept(NamedTuple):
    """Which entries are searched; None: all."""

    clients: frozenset[int] | None = None
    kinds: frozenset[int] | None = None


class Where(NamedTuple):
    """What is looked for, and where. One thread."""

    reader: Reader
    needle: Needle
    accept: Accept
    contexts: ContextDecoder
    encodings: frozenset[str]  # all that a client's may be
    cancelled: Callable[[], bool]


class Look(Protocol):
    """One way to look for a needle: first roughly and in bulk, then closely."""

    sifts: bool  # it reads all chunks into memory

    def candidates(self, low: int, high: int) -> list[int] | None:
        """Return the entries in which a match may begin; None: ask again for fewer."""

    def matches(self, entries: list[Entry], forward: bool) -> Iterator[Match]:
        """Yield the first true match of each of these entries, or the last, in their order."""
