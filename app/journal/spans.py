"""Following a match through the chunks of its stream, many matches at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.journal.entry import Entry
from app.journal.pattern import Pattern
from app.journal.reader import Reader


class Begun(NamedTuple):
    """A pattern that begins in `entry` at `start` and is not complete at its end."""

    entry: Entry
    pattern: Pattern
    start: int


class Span(NamedTuple):
    """A pattern that is complete: it begins in one chunk and ends in a later one."""

    start: int  # in the data of the chunk in which it begins
    data: bytes  # what was found
    last_id: int  # the chunk in which it ends …
    end: int  # … and where


class _Open(NamedTuple):
    begun: Begun
    last_id: int  # the chunk read last
    data: bytes  # what agreed with the pattern so far


class Spans:
    """Asks for the next chunks of all open matches at once: of 1-byte chunks there are many."""

    def __init__(self, reader: Reader, cancelled: Callable[[], bool]) -> None:
        self._reader = reader
        self._cancelled = cancelled
        self._streams = reader.streams()

    def completed(self, begun: list[Begun]) -> dict[int, list[Span]]:
        """Return those of `begun` that are completed by what follows, by their entry's id."""
        done: dict[int, list[Span]] = {}
        still = [_Open(b, b.entry.id, b.entry.data[b.start :]) for b in begun]
        while still and not self._cancelled():
            following = self._next_of(still)
            grown = []
            for one in still:
                chunk = following.get(one.last_id)
                pattern, so_far = one.begun.pattern, one.data
                if chunk is None or not pattern.goes_on(len(so_far), chunk.data):
                    continue
                end = pattern.length - len(so_far)
                so_far += chunk.data[:end]
                if len(so_far) == pattern.length:
                    span = Span(one.begun.start, so_far, chunk.id, end)
                    done.setdefault(one.begun.entry.id, []).append(span)
                else:
                    grown.append(_Open(one.begun, chunk.id, so_far))
            still = grown
        return done

    def _next_of(self, matches: list[_Open]) -> dict[int, Entry]:
        """Return for each chunk read last the one that follows it in its stream."""
        next_ids: dict[int, int] = {}
        for one in matches:
            if one.last_id not in next_ids:
                stream = (one.begun.entry.client_id, one.begun.entry.kind)
                next_ids[one.last_id] = self._streams.next_of(stream, one.last_id)
        chunks = {chunk.id: chunk for chunk in self._reader.pick(list(next_ids.values()))}
        return {
            last_id: chunks[next_id] for last_id, next_id in next_ids.items() if next_id in chunks
        }
