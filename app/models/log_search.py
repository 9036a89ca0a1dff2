"""The next or previous match, looked for in the background, round the end if need be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject

from app.journal.find import Accept, Match, Progress, find
from app.journal.needle import Needle
from app.journal.reader import Reader
from app.models.log_encodings import JournalEncodings
from app.models.log_filter import LogFilter
from app.models.log_task import LogTask
from app.text.faults import TooSlow


@dataclass(frozen=True, slots=True)
class SearchOrder:
    """What to look for, and where. Ids are entries'."""

    needle: Needle
    forward: bool
    from_id: int  # begin after (or before) this one; it comes last
    low_id: int  # the shown entries: from here …
    high_id: int  # … to here
    chosen: LogFilter
    encodings: Mapping[int, str]  # by client, where the user changed them
    default: str  # a stranger's encoding


class SearchResult(NamedTuple):
    """The outcome of one search."""

    match: Match | None
    wrapped: bool = False  # it went round the end
    hidden: bool = False  # found only among what was cleared from the view
    too_slow: bool = False  # a regular expression takes too long: the search was given up


class _Leg(NamedTuple):
    """A part of the way, from one entry to another."""

    from_id: int
    to_id: int
    wrapped: bool = False
    hidden: bool = False


class LogSearch(LogTask):
    """Emits `done` with a SearchResult; `progressed` with entries searched and to search."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        order: SearchOrder,
        parent: QObject | None = None,
    ) -> None:
        super().__init__("log-find", new_reader, self._search, parent)
        self._order = order

    def _search(self, reader: Reader, _task: LogTask) -> SearchResult:
        legs = self._legs()
        total = sum(abs(leg.to_id - leg.from_id) + 1 for leg in legs)
        done = 0
        for leg in legs:
            try:
                match = self._find(reader, leg, partial(self._report, done, total))
            except TooSlow:
                return SearchResult(None, too_slow=True)
            if match is not None:
                return SearchResult(match, leg.wrapped, leg.hidden)
            done += abs(leg.to_id - leg.from_id) + 1
        return SearchResult(None)

    def _report(self, before: int, total: int, done: int, _of_leg: int) -> None:
        self.report(before + done, total)

    def _legs(self) -> list[_Leg]:
        """From where the user is to the end of what is shown, round to there, then the cleared."""
        order = self._order
        low, high, at = order.low_id, order.high_id, order.from_id
        if order.forward:
            legs = [
                _Leg(max(at + 1, low), high),
                _Leg(low, min(at, high), wrapped=True),
                _Leg(1, low - 1, wrapped=True, hidden=True),
            ]
            return [leg for leg in legs if leg.from_id <= leg.to_id]
        legs = [
            _Leg(min(at - 1, high), low),
            _Leg(high, max(at, low), wrapped=True),
            _Leg(low - 1, 1, wrapped=True, hidden=True),
        ]
        return [leg for leg in legs if leg.from_id >= leg.to_id]

    def _find(self, reader: Reader, leg: _Leg, progress: Progress) -> Match | None:
        order = self._order
        encodings = JournalEncodings(reader, order.encodings, order.default)
        from_id: int | None = leg.from_id
        while from_id is not None:
            match = find(
                reader,
                order.needle,
                from_id,
                order.forward,
                Accept(*order.chosen.streams),
                to_id=leg.to_id,
                encoding_of=encodings.of,
                encodings=encodings.names(),
                cancelled=self.cancelled,
                progress=progress,
            )
            if match is None or not order.chosen.filters:
                return match
            from_id = self._next_shown(reader, match.entry_id, leg.to_id)
            if from_id == match.entry_id:
                return match
        return None

    def _next_shown(self, reader: Reader, from_id: int, to_id: int) -> int | None:
        """Return the next entry, or this one, that the filters let through."""
        from app.models.row_judge import Judging

        order, count = self._order, 1
        judging = Judging(order.chosen.filters, order.encodings, order.default)
        judge = judging.judge(reader, self.cancelled)
        step = 1 if order.forward else -1
        while (to_id - from_id) * step >= 0 and not self.cancelled():
            end = from_id + step * (min(count, abs(to_id - from_id) + 1) - 1)
            passing = judge.passing(range(min(from_id, end), max(from_id, end) + 1))
            if passing:
                return passing[0] if order.forward else passing[-1]
            from_id, count = end + step, min(count * 4, 4_096)
        return None
