"""The calls on show: those of the recorder that pass the filter, oldest first."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.models.call_export import call_line
from app.wording.lanes import lane_name, partner_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.teaching.calls import Call
    from app.teaching.pairs import CallPairs
    from app.teaching.recorder import CallRecorder

# The tutorial's calls, in its order; a client's connect belongs to an experiment.
CALLS = (
    "socket",
    "bind",
    "listen",
    "connect",
    "accept",
    "start",
    "recv",
    "send",
    "shutdown",
    "close",
)
_SHOWN = frozenset(CALLS)
MOST_ROWS = 50_000
_DROP = 2_000  # rows at a time
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What is shown."""

    lane: int = 0  # 0: every thread
    name: str = ""  # "": every call
    waits: bool = False  # also what is no call of the tutorial: select, and waits

    @property
    def is_default(self) -> bool:
        """Whether every call of the tutorial is shown."""
        return not self.lane and not self.name

    def passed(self, calls: list[Call]) -> list[Call]:
        """Return those that are shown. Quick: the GUI thread asks for all that are kept."""
        if self.lane:
            lane = self.lane
            calls = [call for call in calls if call.lane == lane]
        if self.name:
            name = self.name
            return [call for call in calls if call.name == name]
        return calls if self.waits else [call for call in calls if call.name in _SHOWN]


class CallRows(QAbstractListModel):
    """Takes over what is new when `update` is called. GUI thread."""

    def __init__(self, pairs: CallPairs) -> None:
        super().__init__()
        self._pairs, self._recorder = pairs, pairs.recorder
        self._rows: list[Call] = []
        self._seen_id = 0
        self._filter = CallFilter()
        self._lanes: dict[int, str] = {}

    @property
    def recorder(self) -> CallRecorder:
        """Where the calls come from."""
        return self._recorder

    @property
    def filter(self) -> CallFilter:
        """What is shown."""
        return self._filter

    def set_pairs(self, pairs: CallPairs) -> None:
        """Show the calls of this one's recorder from now on, and no others."""
        self._pairs, self._recorder = pairs, pairs.recorder
        self._lanes.clear()
        self._start_anew()

    def set_filter(self, wanted: CallFilter) -> None:
        """Show other calls."""
        if wanted != self._filter:
            self._filter = wanted
            self._start_anew()

    def _start_anew(self) -> None:
        self.beginResetModel()
        self._rows.clear()
        self._seen_id = 0
        self._rows.extend(self._take())
        self.endResetModel()

    def _take(self) -> list[Call]:
        calls = self._recorder.calls_after(self._seen_id)
        if calls:
            self._seen_id = calls[-1].id
        return self._filter.passed(calls)

    def update(self) -> None:
        """Append what is new, and drop what is too much."""
        self._pairs.update()
        fresh = self._take()
        if fresh:
            at = len(self._rows)
            self.beginInsertRows(_ROOT, at, at + len(fresh) - 1)
            self._rows.extend(fresh)
            self.endInsertRows()
        surplus = len(self._rows) - MOST_ROWS
        if surplus > 0:
            count = min(surplus + _DROP, len(self._rows))
            self.beginRemoveRows(_ROOT, 0, count - 1)
            del self._rows[:count]
            self.endRemoveRows()

    def call(self, row: int) -> Call:
        """Return the call in a row."""
        return self._rows[row]

    def calls(self, ranges: Sequence[tuple[int, int]] = ()) -> list[Call]:
        """Return those in ranges of rows, first and last of each; all of them for no range."""
        if not ranges:
            return self._rows.copy()
        return [call for first, last in ranges for call in self._rows[first : last + 1]]

    def thread_names(self) -> dict[int, str]:
        """Return the name of every thread, to be read in another one."""
        return {lane.number: lane_name(lane) for lane in self._recorder.lanes()}

    def before(self, row: int) -> Call | None:
        """Return the call shown before this one."""
        return self._rows[row - 1] if row else None

    def row_of(self, call_id: int) -> int | None:
        """Return where a call is shown; None if it is not."""
        at = bisect_left(self._rows, call_id, key=attrgetter("id"))
        return at if at < len(self._rows) and self._rows[at].id == call_id else None

    def thread_name(self, lane: int) -> str:
        """Return the name of a thread."""
        if lane not in self._lanes:
            self._lanes = self.thread_names()
        return self._lanes.get(lane, "")

    def line(self, row: int) -> str:
        """Return a row as text: `worker-2  recv(1024) → b'…'`."""
        call = self._rows[row]
        return call_line(call, self.thread_name(call.lane))

    def partners(self, row: int) -> list[str]:
        """Say what a row's call brought about in which lane, or what brought it about there."""
        return partner_texts(self._rows[row], self._pairs, self.thread_name)

    # -- for Qt --------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """So many calls are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The line as text, for accessibility and keyboard search; the delegate paints calls."""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " · ".join((self.line(index.row()), *self.partners(index.row())))
        return self.line(index.row()) if role == Qt.ItemDataRole.DisplayRole else None
