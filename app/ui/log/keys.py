"""What the keys do in the log."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


class Step(Enum):
    """Where a key moves to."""

    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    FIRST = auto()
    LAST = auto()


class Move(NamedTuple):
    """A movement of the current row."""

    step: Step
    extend: bool  # Shift: select up to there
    only_move: bool  # Ctrl: leave the selection as it is


_STEPS = {
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
    Qt.Key.Key_PageUp: Step.PAGE_UP,
    Qt.Key.Key_PageDown: Step.PAGE_DOWN,
    Qt.Key.Key_Home: Step.FIRST,
    Qt.Key.Key_End: Step.LAST,
}


def move_of(event: QKeyEvent) -> Move | None:
    """Return what a key press means; None if it does not move."""
    step = _STEPS.get(Qt.Key(event.key()))
    if step is None:
        return None
    modifiers = event.modifiers()
    extend = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    # Ctrl+Home and Ctrl+End go to the ends and select, as in every list.
    return Move(step, extend, control and not extend and step not in (Step.FIRST, Step.LAST))


def target_row(move: Move, at: int | None, count: int, page: int, top: int) -> int:
    """Return the row to go to from row `at` (None: from the top in sight); `count` is above 0."""
    if at is None:
        at = {Step.UP: top + page, Step.DOWN: top - 1}.get(move.step, top)
    target = {
        Step.UP: at - 1,
        Step.DOWN: at + 1,
        Step.PAGE_UP: at - page + 1,
        Step.PAGE_DOWN: at + page - 1,
        Step.FIRST: 0,
        Step.LAST: count - 1,
    }[move.step]
    return min(max(target, 0), count - 1)
