"""Finding the entries that a filter lets through, in the background."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from app.models.log_task import FollowTask, LogTask

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.models.log_filter import LogFilter
    from app.models.row_judge import Judging, RowJudge

FIRST_PAGE = 512  # enough for any window: shown before the rest is looked for
SLICE = 8_192  # ids at a time: a few milliseconds
JUDGED = 1_024  # that filters judge: as long
REST = 2.0  # after them, of the time that they took


class Found(NamedTuple):
    """Ids that a fill hands over, ascending."""

    ids: array[int]
    older: bool  # below all that came before, rather than above
    complete: bool  # everything older has been found by now


class LogFill(FollowTask):
    """Hands over `Found`s: first the newest, then back to the oldest, then what arrives.

    Backwards, because the log usually shows its end. The parts double in size, so that even ten
    million ids come in some twenty parts.
    """

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        chosen: LogFilter,
        last_id: int,
        judging: Judging | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`last_id` is the newest entry of now; `judging` hides some of what `chosen` lets pass."""
        super().__init__("log-filter", new_reader, self._fill, last_id, parent)
        self._streams, self._judging = chosen.streams, judging
        self._judge: RowJudge | None = None
        self._done_id = last_id  # everything up to here has been looked at or will be, backwards

    def _fill(self, reader: Reader, _task: LogTask) -> None:
        if self._judging is not None:
            self._judge = self._judging.judge(reader, self.cancelled)
        self._look_back(reader)
        while not self.cancelled():
            self._news.wait()
            self._news.clear()
            self._look_ahead(reader)

    def _look_back(self, reader: Reader) -> None:
        first_id, last_id = reader.first_id, self._done_id
        before_id, handed_over = last_id + 1, 0
        gathered: list[array[int]] = []
        count = FIRST_PAGE
        while not self.cancelled():
            found = reader.matching_back(*self._streams, before_id, count)
            ended = len(found) < count or found[-1] <= first_id
            while found and found[-1] < first_id:
                found.pop()
            found.reverse()
            gathered.append(self._passing(found))
            total = sum(map(len, gathered))
            if ended or total >= handed_over:
                self.deliver(Found(_joined(gathered), older=True, complete=ended))
                handed_over += total
                gathered = []
            self.report(last_id - before_id, last_id - first_id)
            if ended:
                return
            before_id, count = found[0], SLICE

    def _look_ahead(self, reader: Reader) -> None:
        count = SLICE if self._judge is None else JUDGED
        while self._done_id < self._wanted_id and not self.cancelled():
            began_s, wanted_id = monotonic(), self._wanted_id
            found = reader.matching_ids(*self._streams, self._done_id, count)
            if len(found) < count:
                # The reader may know more than we were told: up to `wanted_id` it is complete.
                self._done_id = max(wanted_id, found[-1] if found else 0)
            else:
                self._done_id = found[-1]
            passing = self._passing(found)
            if passing:
                self.deliver(Found(passing, older=False, complete=True))
            if self._judge is not None:  # a flood must not wait for what is shown of it
                sleep((monotonic() - began_s) * REST)

    def _passing(self, ids: array[int]) -> array[int]:
        return ids if self._judge is None else array("q", self._judge.passing(ids))


def _joined(parts: list[array[int]]) -> array[int]:
    whole = array("q")
    for part in reversed(parts):
        whole.extend(part)
    return whole
