"""A view that shows its end as it grows, until somebody scrolls back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollBar


class Tail(QObject):
    """Whether a scroll bar is kept at its end: its user decides, by scrolling. GUI thread."""

    changed = Signal(bool)

    def __init__(self, bar: QScrollBar) -> None:
        super().__init__(bar)
        self.follows = True
        self._bar = bar
        self._quiet = False
        bar.valueChanged.connect(self._on_scrolled)

    def set_follows(self, on: bool) -> None:
        """Follow the end from now on, or stay."""
        if on is not self.follows:
            self.follows = on
            self.changed.emit(on)
        self.keep()

    def keep(self) -> None:
        """Go to the end, if it is followed."""
        if self.follows:
            with self.quiet():
                self._bar.setValue(self._bar.maximum())

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Whoever scrolls meanwhile is not the user."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def _on_scrolled(self, value: int) -> None:
        at_end = value >= self._bar.maximum()
        if not self._quiet and at_end is not self.follows:
            self.follows = at_end
            self.changed.emit(at_end)
