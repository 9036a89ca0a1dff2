"""Finding what is looked for in a whole journal: the next, the previous, or all.

The journal is gone through in slices short enough to be cancelled. In each, a `Look` proposes
entries in bulk and then verifies them one by one. A match belongs to the entry in which it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from time import perf_counter

from app.journal.byte_look import ByteLook
from app.journal.context import ContextDecoder
from app.journal.match import Accept, Look, Match, Where
from app.journal.needle import Needle
from app.journal.reader import Reader

__all__ = ["Accept", "Match", "find", "find_all"]

SLICE_S = 0.05  # the longest that `cancelled` is not asked
_FIRST_SLICE = 1_024  # entries
_MOST = 65_536
_MOST_SIFTED = 8_192
_SLICE_BYTES = 8 * 1024 * 1024  # of entries, however many: they may be read into memory
_TOGETHER = 256  # proposed entries that are looked at together
_TOGETHER_BYTES = 1024 * 1024  # about, where they are large

Progress = Callable[[int, int], None]


def find(
    reader: Reader,
    needle: Needle,
    from_id: int,
    forward: bool = True,
    accept: Accept = Accept(),  # noqa: B008 - immutable
    *,
    to_id: int | None = None,
    encoding_of: Callable[[int], str],
    encodings: Iterable[str],
    cancelled: Callable[[], bool] = lambda: False,
    progress: Progress = lambda done, total: None,
) -> Match | None:
    """Return the first match that begins in entry `from_id` or after it; or the last up to it.

    `to_id` is the last entry that is looked at, the journal's end or beginning without it;
    `encodings` are all that `encoding_of` may return.
    `progress` gets the entries searched and the entries to search. None: there is no match, or
    `cancelled()`. Slow: call it in a thread of its own with a reader of its own. Raises TooSlow
    where a regular expression takes too long for one entry.
    """
    where = _where(reader, needle, accept, encoding_of, encodings, cancelled)
    low, high = (from_id, to_id) if forward else (to_id, from_id)
    match = next(_Search(where).run(low, high, forward, progress), None)
    return None if cancelled() else match


def find_all(
    reader: Reader,
    needle: Needle,
    low_id: int,
    high_id: int,
    forward: bool = True,
    accept: Accept = Accept(),  # noqa: B008 - immutable
    *,
    encoding_of: Callable[[int], str],
    encodings: Iterable[str],
    cancelled: Callable[[], bool] = lambda: False,
    progress: Progress = lambda done, total: None,
) -> Iterator[Match]:
    """Yield the first match of each entry that has one, otherwise as `find`."""
    where = _where(reader, needle, accept, encoding_of, encodings, cancelled)
    yield from _Search(where).run(low_id, high_id, forward, progress)


def _where(
    reader: Reader,
    needle: Needle,
    accept: Accept,
    encoding_of: Callable[[int], str],
    encodings: Iterable[str],
    cancelled: Callable[[], bool],
) -> Where:
    contexts = ContextDecoder(reader, encoding_of)
    return Where(reader, needle, accept, contexts, frozenset(encodings), cancelled)


def _look(where: Where) -> Look:
    if where.needle.expression is None:
        return ByteLook(where)
    from app.journal.text_look import TextLook

    return TextLook(where)


class _Search:
    """One way through the journal."""

    def __init__(self, where: Where) -> None:
        self._reader, self._cancelled = where.reader, where.cancelled
        self._last_id = where.reader.recent().last_id
        self._look = _look(where)

    def run(
        self, low_id: int | None, high_id: int | None, forward: bool, progress: Progress
    ) -> Iterator[Match]:
        first_id = max(self._reader.first_id, low_id or 0)
        last_id = self._last_id if high_id is None else min(self._last_id, high_id)
        total, done, size = last_id - first_id + 1, 0, _FIRST_SLICE
        while done < total and not self._cancelled():
            started = perf_counter()
            size = min(size, total - done)
            low = first_id + done if forward else last_id - done - size + 1
            ids = self._candidates(low, size)
            if ids is None:
                size = max(min(size // 4, _MOST_SIFTED), 1)
                continue
            yield from self._in_ids(ids, forward)
            done += size
            progress(done, total)
            took_s = perf_counter() - started
            if took_s > SLICE_S:
                size = max(size // 2, 1)
            elif took_s < SLICE_S / 3:
                size = min(size * 2, _MOST_SIFTED if self._look.sifts else _MOST)

    def _candidates(self, low: int, size: int) -> list[int] | None:
        """Return the entries that may hold the needle; None: fewer must be looked at."""
        if size > 1 and self._reader.size_bytes(low, low + size - 1) > _SLICE_BYTES:
            return None
        ids = self._look.candidates(low, low + size - 1)
        if ids is None and size == 1:  # the sieve takes over
            ids = self._look.candidates(low, low)
        return ids

    def _in_ids(self, ids: list[int], forward: bool) -> Iterator[Match]:
        """Yield the true matches in these entries."""
        waiting = iter(ids if forward else reversed(ids))
        together = 1
        while some := list(islice(waiting, together)):
            if self._cancelled():
                return
            entries = self._reader.pick(some)
            yield from self._look.matches(entries, forward)
            largest = max((len(entry.data) for entry in entries), default=0)
            together = min(together * 4, _TOGETHER, _TOGETHER_BYTES // max(largest, 1) + 1)
