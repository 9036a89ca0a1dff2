"""The next or previous match, looked for in the background, round the end if need be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject

from app.journal.find import Accept, Match, find
from app.journal.needle import Needle
from app.journal.reader import Reader
from app.models.log_encodings import JournalEncodings
from app.models.log_filter import LogFilter
from app.models.log_task import LogTask


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
        order = self._order
        step = 1 if order.forward else -1
        match = self._find(reader, order.from_id + step)
        if self._is_shown(match):
            return SearchResult(match)
        again = self._find(reader, order.low_id if order.forward else order.high_id)
        if self._is_shown(again):
            return SearchResult(again, wrapped=True)
        cleared = again or match or (self._find(reader, 0) if order.forward else None)
        if cleared is not None and cleared.entry_id < order.low_id:
            return SearchResult(cleared, wrapped=True, hidden=True)
        return SearchResult(None)

    def _is_shown(self, match: Match | None) -> bool:
        return match is not None and self._order.low_id <= match.entry_id <= self._order.high_id

    def _find(self, reader: Reader, from_id: int) -> Match | None:
        order = self._order
        return find(
            reader,
            order.needle,
            from_id,
            order.forward,
            Accept(*order.chosen),
            encoding_of=JournalEncodings(reader, order.encodings, order.default).of,
            cancelled=self.cancelled,
            progress=self.report,
        )
