"""Where the keyboard stands in the time line: in a row, and in a lane at one of its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.timeline import Row
    from app.teaching.calls import Call


class Cursor:
    """Rows come and go meanwhile: the place is a thread or a group, not a number of a row."""

    def __init__(self) -> None:
        self.call: Call | None = None
        self._place: int | str = 0  # a lane's number, a group's name; 0: nowhere yet

    def at(self, rows: Sequence[Row]) -> int:
        """The index of the row; -1: nowhere, or it is not shown any more."""
        places = [_place_of(row) for row in rows]
        return places.index(self._place) if self._place in places else -1

    def is_at(self, row: Row) -> bool:
        """Whether it stands in this row."""
        return _place_of(row) == self._place

    def go_to(self, row: Row, call: Call | None) -> None:
        """Stand there."""
        self._place, self.call = _place_of(row), call

    def step_rows(self, rows: Sequence[Row], step: int, moment_ns: int) -> Row | None:
        """Go up or down; in the new lane to the call nearest in time. Return the row."""
        if not rows:
            return None
        index = self.at(rows)
        row = rows[min(max(index + step, 0), len(rows) - 1)]
        if self.call is not None:
            moment_ns = (self.call.begin_ns + self.call.end_ns) // 2
        self.go_to(row, row.track.closest(moment_ns) if row.track is not None else None)
        return row

    def step_calls(self, row: Row, step: int) -> None:
        """Go to the call before or after, if there is one."""
        if row.track is not None:
            self.call = row.track.beside(self.call, step) or self.call


def _place_of(row: Row) -> int | str:
    return row.track.lane.number if row.track is not None else row.group
