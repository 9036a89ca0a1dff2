"""The values of one field over time: of all frames shown, then of those that arrive."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from app.frames.places import Place, Shape, shape_of
from app.journal.framed import frames_at
from app.models.frame_table import FrameTable
from app.models.framing_plan import FramingPlan
from app.models.log_task import LogTask

if TYPE_CHECKING:
    from app.journal.reader import Reader

_TOGETHER = 256  # frames whose bytes are read at once


class Points(NamedTuple):
    """Some values of one client, in their order."""

    client_id: int
    times: array[float]  # s since the epoch
    values: array[float]


class FrameSeries(LogTask):
    """Delivers lists of Points; goes on when it is given more places."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        table: FrameTable,
        plan: FramingPlan,
        field: str,
        parent: QObject | None = None,
    ) -> None:
        """`table` is a copy: nobody changes it any more."""
        super().__init__("log-plot", new_reader, self._gather, parent)
        self._table, self._plan, self._field = table, plan, field
        self._done_key = -1
        self._news = threading.Event()

    def go_on(self, table: FrameTable) -> None:
        """There are these places now. GUI thread."""
        self._table = table
        self._news.set()

    def cancel(self) -> None:
        """Ask the thread to end; returns at once."""
        super().cancel()
        self._news.set()

    def _gather(self, reader: Reader, _task: LogTask) -> None:
        while not self.cancelled():
            self._read_on(reader, self._table)
            self._news.wait()
            self._news.clear()

    def _read_on(self, reader: Reader, table: FrameTable) -> None:
        start = table.index_of(self._done_key + 1)
        for at in range(start, len(table), _TOGETHER):
            if self.cancelled():
                return
            places = table.places(at, at + _TOGETHER)
            self._tell(reader, [place for place in places if place.start >= 0])
            self._done_key = places[-1].key
            self.report(at - start, len(table) - start)

    def _tell(self, reader: Reader, places: list[Place]) -> None:
        found: dict[int, Points] = {}
        for frame in frames_at(reader, places):
            client_id = frame.entry.client_id
            kit = self._plan.of(client_id).kit
            if kit is None or shape_of(frame.place.size) is not Shape.FRAME:
                continue
            for field in kit.decode(frame.data):
                value = field.value
                if field.name == self._field and isinstance(value, int | float):
                    points = found.setdefault(client_id, Points(client_id, array("d"), array("d")))
                    points.times.append(frame.entry.time_ns / 1e9)
                    points.values.append(float(value))
                    break
        if found:
            self.deliver(list(found.values()))
