"""The next or previous frame that holds what is looked for, round the end if need be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.frames.places import Shape, shape_of
from app.journal.entry import Kind
from app.journal.find import Match
from app.journal.framed import Frame, frames_at
from app.journal.needle import Needle
from app.models.frame_table import FrameTable
from app.models.frame_words import words_of
from app.models.framing_plan import FramingPlan
from app.models.log_encodings import JournalEncodings
from app.models.log_search import SearchResult
from app.models.log_task import LogTask
from app.text.decoder import decode
from app.text.faults import TooSlow

if TYPE_CHECKING:
    from app.frames.kits import Kit
    from app.journal.reader import Reader

_TOGETHER = 256  # frames whose bytes are read at once


@dataclass(frozen=True, slots=True)
class FrameOrder:
    """What to look for, and among which frames."""

    needle: Needle
    forward: bool
    from_key: int  # begin after (or before) this one; it comes last
    table: FrameTable  # a copy: nobody changes it any more
    low: int  # the shown frames: from this index …
    high: int  # … up to, but not including, this one
    plan: FramingPlan
    encodings: Mapping[int, str]  # by client, where the user changed them
    default: str  # a stranger's encoding


class FrameSearch(LogTask):
    """Emits `done` with a SearchResult whose match has a frame's key.

    A frame holds what is in its bytes, or in what its kit says of it.
    """

    def __init__(
        self, new_reader: Callable[[], Reader], order: FrameOrder, parent: QObject | None = None
    ) -> None:
        super().__init__("log-find", new_reader, self._search, parent)
        self._order = order
        self._done = 0

    def _search(self, reader: Reader, _task: LogTask) -> SearchResult:
        order = self._order
        low, high = order.low, order.high
        at = min(max(order.table.index_of(order.from_key), low), high)
        after = at + (at < high and order.table[at] == order.from_key)
        if order.forward:
            legs = [(after, high, False, False), (low, after, True, False), (0, low, True, True)]
        else:
            legs = [(low, at, False, False), (at, high, True, False), (0, low, True, True)]
        encodings = JournalEncodings(reader, order.encodings, order.default)
        for start, stop, wrapped, hidden in legs:
            try:
                key = self._in_leg(reader, encodings, start, stop)
            except TooSlow:
                return SearchResult(None, too_slow=True)
            if key is not None:
                return SearchResult(Match(key, 0, 0, key), wrapped, hidden)
        return SearchResult(None)

    def _in_leg(
        self, reader: Reader, encodings: JournalEncodings, start: int, stop: int
    ) -> int | None:
        order = self._order
        starts = range(start, stop, _TOGETHER)
        for first in starts if order.forward else reversed(starts):
            if self.cancelled():
                return None
            places = order.table.places(first, min(first + _TOGETHER, stop))
            frames = frames_at(reader, [place for place in places if place.start >= 0])
            for frame in frames if order.forward else reversed(frames):
                if self._holds(frame, encodings):
                    return frame.place.key
            self._done += len(places)
            self.report(self._done, order.high)
        return None

    def _holds(self, frame: Frame, encodings: JournalEncodings) -> bool:
        entry, needle = frame.entry, self._order.needle
        if entry.kind > Kind.OUT:
            return False
        if needle.bytes is not None:
            return next(needle.bytes.places(frame.data), None) is not None
        encoding = entry.encoding or encodings.of(entry.client_id)
        kit = self._order.plan.of(entry.client_id).kit
        texts = _texts(needle, frame, encoding, kit)
        return any(next(needle.spans(text), None) is not None for text in texts)


def _texts(needle: Needle, frame: Frame, encoding: str, kit: Kit | None) -> Iterator[str]:
    """Yield what there is to look through: its bytes as text, what its kit says of it."""
    pattern = None if needle.expression else needle.pattern(encoding)
    if needle.expression or (pattern and next(pattern.places(frame.data), None) is not None):
        yield decode(frame.data, encoding)
    if kit is not None and shape_of(frame.place.size) is Shape.FRAME:
        words = words_of(kit, frame.data)
        yield words.summary
        yield words.wrong
        yield from (f"{field.name}: {field.shown}" for field in kit.decode(frame.data))
