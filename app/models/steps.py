"""Undo and redo for what is edited as a whole, such as the rows of a table."""

from __future__ import annotations

from typing import Generic, TypeVar

_Whole = TypeVar("_Whole")
_MOST = 200


class Steps(Generic[_Whole]):
    """What there was before each change, and after those that were taken back."""

    def __init__(self) -> None:
        self._before: list[_Whole] = []
        self._after: list[_Whole] = []

    def clear(self) -> None:
        """There is nothing to take back any more."""
        self._before.clear()
        self._after.clear()

    def record(self, was: _Whole) -> None:
        """What there was has just been changed."""
        self._before = [*self._before[1 - _MOST :], was]
        self._after.clear()

    def step(self, now: _Whole, *, redo: bool = False) -> _Whole | None:
        """Return what there was before what is now, or after; None where there is nothing."""
        one, other = (self._after, self._before) if redo else (self._before, self._after)
        if not one:
            return None
        other.append(now)
        return one.pop()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether a change was taken back."""
        return bool(self._after)
