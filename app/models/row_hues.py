"""The colours of the rows in sight, judged once each, in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from app.frames.places import Place
from app.journal.framed import frames_at
from app.models.log_row import LogRow
from app.models.log_task import LogTask
from app.models.row_filter import Filters, RowFilter
from app.models.wanted import Wanted
from app.wording import language

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.models.log_rows import LogRows
    from app.models.row_judge import Judging, RowJudge

KEPT = 4_096
TOGETHER = 64  # rows whose colours are told at once


class _Asked(NamedTuple):
    size_bytes: int  # what is held back of a frame grows
    place: Place | None


class _Task(LogTask):
    """Delivers (size, hue or "") by row id."""

    def __init__(
        self, new_reader: Callable[[], Reader], judging: Judging, parent: QObject | None = None
    ) -> None:
        super().__init__("log-colours", new_reader, self._judge, parent)
        self._judging = judging
        self.wanted: Wanted[_Asked] = Wanted()

    def cancel(self) -> None:
        """Ask the thread to end; returns at once."""
        super().cancel()
        self.wanted.wake()

    def _judge(self, reader: Reader, _task: LogTask) -> None:
        judge = self._judging.judge(reader, self.cancelled)
        while not self.cancelled():
            self.wanted.wait()
            while (some := self.wanted.take(TOGETHER)) and not self.cancelled():
                self.deliver(_hues(judge, reader, some))


def _hues(
    judge: RowJudge, reader: Reader, asked: Mapping[int, _Asked]
) -> dict[int, tuple[int, str]]:
    firsts: dict[int, RowFilter | None] = {}
    ids = sorted(row_id for row_id, each in asked.items() if each.place is None)
    entries = reader.pick(ids) if ids else []
    firsts.update(zip([entry.id for entry in entries], judge.firsts(entries), strict=True))
    places = sorted(each.place for each in asked.values() if each.place is not None)
    frames = frames_at(reader, places) if places else []
    firsts.update(zip([frame.place.key for frame in frames], judge.firsts(frames), strict=True))
    hues = {row_id: first.hue if first is not None else "" for row_id, first in firsts.items()}
    return {row_id: (each.size_bytes, hues.get(row_id, "")) for row_id, each in asked.items()}


class RowHues(QObject):
    """Remembers which row of the log has which colour. GUI thread."""

    changed = Signal()  # rows have another colour than before

    def __init__(self, rows: LogRows) -> None:
        super().__init__(rows)
        self._rows = rows
        self._filters: Filters = ()
        self._meant: object = None  # what the colours that are known depend on
        self._known: dict[int, tuple[int, str]] = {}
        self._task: _Task | None = None
        rows.altered.connect(self._look)

    def set_filters(self, filters: Filters) -> None:
        """Give the rows that match these a colour."""
        self._filters = filters
        self._look()

    def _look(self) -> None:
        """Judge anew if what the rows say may have changed."""
        rows, judging = self._rows, self._rows.judging(self._filters)
        key = rows.reader.key if rows.reader is not None else None
        meant = (judging, key, language()) if judging and key else None
        if meant == self._meant:
            return
        self._meant = meant
        self._known.clear()
        if self._task is not None:
            self._task.stop()
            self._task = None
        if meant is not None and judging is not None and rows.new_reader is not None:
            self._task = _Task(rows.new_reader, judging, self)
            self._task.delivered.connect(self._on_judged)
            self._task.start()
        self.changed.emit()

    def of(self, rows: Iterable[LogRow]) -> Mapping[int, str]:
        """Return the colours of these rows by id, as far as they are known; ask for the others."""
        if self._task is None:
            return {}
        found: dict[int, str] = {}
        asked: dict[int, _Asked] = {}
        for row in rows:
            known = self._known.get(row.id)
            if known is not None and known[1]:
                found[row.id] = known[1]
            if known is None or known[0] != row.size_bytes:
                asked[row.id] = _Asked(row.size_bytes, self._rows.place_of(row.id))
        if asked:
            self._task.wanted.ask(asked)
        return found

    def _on_judged(self, hues: dict[int, tuple[int, str]]) -> None:
        if self.sender() is not self._task:
            return
        if len(self._known) >= KEPT:
            for row_id in list(islice(self._known, KEPT // 2)):
                del self._known[row_id]
        self._known |= hues
        if any(hue for _, hue in hues.values()):
            self.changed.emit()
