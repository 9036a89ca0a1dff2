"""Cutting a journal into frames, in the background."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from app.frames.places import Place, event_place
from app.frames.streams import Streams
from app.journal.entry import Entry, Kind
from app.journal.framed import frames_at
from app.models.frame_table import FrameTable
from app.models.frame_words import FrameWords, words_of
from app.models.framing_plan import FramingPlan
from app.models.log_filter import LogFilter
from app.models.log_task import FollowTask, LogTask

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.models.row_judge import Judging, RowJudge

FIRST_PAGE = 512  # entries that are cut first: more frames than any window has
FIRST_PAGE_BYTES = 4 * 1024 * 1024
SLICE = 2_048  # entries at a time: some ten milliseconds
SLICE_BYTES = 8 * 1024 * 1024  # of them
JUDGED = 1_024  # frames that are judged together
_OUT, _OFFLINE = int(Kind.OUT), int(Kind.OFFLINE)


class Cuts(NamedTuple):
    """What a fill hands over."""

    table: FrameTable | None  # takes the place of all that came before
    places: Sequence[Place] = ()  # further ones
    gone: Sequence[int] = ()  # keys of places that are no more
    words: Mapping[int, FrameWords] = {}  # of some of them
    complete: bool = True  # everything older has been cut by now


class _Cutting:
    """One way through the journal, as far as it has come."""

    def __init__(self, plan: FramingPlan, kinds: frozenset[int] | None, done_id: int) -> None:
        self._streams = Streams(plan.framing_of)
        self._kinds = kinds
        self.done_id = done_id  # everything up to here has been cut

    def cut(self, entries: Sequence[Entry]) -> list[Place]:
        places: list[Place] = []
        feed, kinds = self._streams.feed, self._kinds
        for entry_id, _, mono_ns, client_id, kind, offset, data, *_ in entries:
            if kind <= _OUT:
                places += feed(entry_id, client_id, kind, offset, data, mono_ns)
                continue
            if kind == _OFFLINE:
                places += self._streams.end(client_id)
            if kinds is None or kind in kinds:
                places.append(event_place(entry_id))
        return places

    def held(self) -> tuple[list[int], list[Place]]:
        return self._streams.held()

    def end(self) -> list[Place]:
        return self._streams.end_all()

    def overdue(self) -> list[Place]:
        return self._streams.overdue(time.monotonic_ns())

    @property
    def patience_s(self) -> float | None:
        patience_ns = self._streams.patience_ns
        return None if patience_ns is None else patience_ns / 1e9


class FrameFill(FollowTask):
    """Hands over `Cuts`: first the newest frames as they seem, then all, then what arrives.

    The newest entries are cut as if their streams began there: in a moment something is in sight.
    All frames, from the journal's beginning, take their place when they are there.
    """

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        plan: FramingPlan,
        chosen: LogFilter,
        last_id: int,
        columns: Sequence[str] = (),
        judging: Judging | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`last_id` is the newest entry of now; `columns` are fields whose values are shown.

        `judging` hides some of the frames.
        """
        super().__init__("log-frames", new_reader, self._fill, last_id, parent)
        self._plan = plan
        self.columns = columns  # the GUI thread may change it
        self.in_sight = 0  # new frames whose words come with them; the GUI thread may change it
        self._clients, self._shown_kinds = chosen.streams
        self._judging = judging
        self._judge: RowJudge | None = None
        # Whoever goes leaves something behind: also where events are not shown.
        self._kinds = None if chosen.kinds is None else chosen.kinds | {_OFFLINE}

    def _fill(self, reader: Reader, _task: LogTask) -> None:
        if self._judging is not None:
            self._judge = self._judging.judge(reader, self.cancelled)
        cutting = self._cut_all(reader, self._show_first(reader))
        while not self.cancelled():
            came = self._news.wait(cutting.patience_s if reader.live else None)
            self._news.clear()
            if came:
                self._go_on(reader, cutting)
            else:
                self._tell(reader, cutting, cutting.overdue())

    def _show_first(self, reader: Reader) -> _Cutting:
        """Cut the newest entries."""
        last_id = self._wanted_id
        ids = reader.matching_back(self._clients, self._kinds, last_id + 1, FIRST_PAGE)
        del ids[reader.count_within(ids, FIRST_PAGE_BYTES) :]
        cutting = _Cutting(self._plan, self._shown_kinds, last_id)
        table = FrameTable()
        table.add(self._passing(reader, cutting.cut(reader.pick(ids[::-1]))))
        table.add(self._passing(reader, cutting.held()[1]))
        self.deliver(Cuts(table, complete=False))
        return cutting

    def _cut_all(self, reader: Reader, first: _Cutting) -> _Cutting:
        """Cut everything from the beginning, and meanwhile what arrives as the first page was."""
        begin_id = reader.first_id
        whole = _Cutting(self._plan, self._shown_kinds, begin_id - 1)
        table = FrameTable()
        while not self.cancelled():
            entries = self._next(reader, whole)
            table.add(self._passing(reader, whole.cut(entries)))
            if whole.done_id >= self._wanted_id:
                break
            self.report(whole.done_id - begin_id, self._wanted_id - begin_id)
            if first.done_id < self._wanted_id:
                self._go_on(reader, first)
        if not reader.live:
            table.add(self._passing(reader, whole.end()))
        table.add(self._passing(reader, whole.held()[1]))
        self.deliver(Cuts(table))
        return whole

    def _next(self, reader: Reader, cutting: _Cutting) -> list[Entry]:
        """Return the next entries, some thousand and some MiB at most, and note the last one."""
        wanted_id = self._wanted_id
        ids = reader.matching_ids(self._clients, self._kinds, cutting.done_id, SLICE)
        ids = ids[: bisect_right(ids, wanted_id)]
        count = reader.count_within(ids, SLICE_BYTES)
        more = count < len(ids) or count == SLICE
        del ids[count:]
        cutting.done_id = ids[-1] if more else wanted_id
        if ids and ids[-1] - ids[0] == len(ids) - 1:
            return reader.entries(ids[0], len(ids))
        return reader.pick(ids)

    def _go_on(self, reader: Reader, cutting: _Cutting) -> None:
        while cutting.done_id < self._wanted_id and not self.cancelled():
            self._tell(reader, cutting, cutting.cut(self._next(reader, cutting)))

    def _tell(self, reader: Reader, cutting: _Cutting, places: list[Place]) -> None:
        gone, held = cutting.held()
        places = self._passing(reader, places + held)
        if places or gone:
            in_sight = self.in_sight
            words = self._words(reader, places[-in_sight:]) if in_sight else {}
            self.deliver(Cuts(None, places, gone, words))

    def _passing(self, reader: Reader, places: list[Place]) -> list[Place]:
        """Return the places that are not hidden."""
        if self._judge is None:
            return places
        found: list[Place] = []
        for at in range(0, len(places), JUDGED):
            frames = frames_at(reader, places[at : at + JUDGED])
            found += [frame.place for frame in self._judge.passing_frames(frames)]
        return found

    def _words(self, reader: Reader, places: Sequence[Place]) -> dict[int, FrameWords]:
        """Decode what will be in sight at once, if the log follows its end."""
        found: dict[int, FrameWords] = {}
        for frame in frames_at(reader, [p for p in places if p.start >= 0 and not p.size & 3]):
            kit = self._plan.of(frame.entry.client_id).kit
            if kit is not None:
                found[frame.place.key] = words_of(kit, frame.data, self.columns)
        return found
