"""Which rows of the log are selected: by their entries' ids, never one by one."""

from __future__ import annotations


class Selection:
    """Ranges of ids, and the current row.

    Ten million selected rows are one range. What a filter hides inside a range does no harm: who
    uses the ranges asks the rows which ids are shown.
    """

    def __init__(self) -> None:
        self.current: int | None = None  # the row that the keyboard moves from
        self._anchor: int | None = None  # where a range begun with Shift or the mouse starts
        self._ranges: list[tuple[int, int]] = []  # ascending, apart from each other

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The first and last id of every range, ascending."""
        return tuple(self._ranges)

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def __contains__(self, entry_id: int) -> bool:
        return any(first <= entry_id <= last for first, last in self._ranges)

    def clear(self) -> None:
        """Select nothing; the current row stays."""
        self._ranges = []
        self._anchor = None

    def select(self, entry_id: int) -> None:
        """Select one row and nothing else."""
        self.current = self._anchor = entry_id
        self._ranges = [(entry_id, entry_id)]

    def extend_to(self, entry_id: int) -> None:
        """Select from where the range began to here, and nothing else."""
        anchor = self._anchor if self._anchor is not None else entry_id
        self._anchor = anchor
        self.current = entry_id
        self._ranges = [(min(anchor, entry_id), max(anchor, entry_id))]

    def toggle(self, entry_id: int) -> None:
        """Select this row too, or no longer."""
        self.current = self._anchor = entry_id
        if entry_id in self:
            self._remove(entry_id)
        else:
            self._ranges = _merged([*self._ranges, (entry_id, entry_id)])

    def move_current(self, entry_id: int) -> None:
        """Go to a row and leave the selection as it is."""
        self.current = self._anchor = entry_id

    def select_all(self, first_id: int, last_id: int) -> None:
        """Select everything from the first to the last id."""
        self._anchor = first_id
        self._ranges = [(first_id, last_id)]

    def _remove(self, entry_id: int) -> None:
        left: list[tuple[int, int]] = []
        for first, last in self._ranges:
            if first <= entry_id <= last:
                parts = ((first, entry_id - 1), (entry_id + 1, last))
                left += [(a, b) for a, b in parts if a <= b]
            else:
                left.append((first, last))
        self._ranges = left


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if whole and first <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return whole
