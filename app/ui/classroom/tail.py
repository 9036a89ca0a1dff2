"""A view that shows its end as it grows, until somebody scrolls back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar


class Tail(QObject):
    """Whether a view is kept at its end: its user decides, by scrolling. GUI thread.

    The scroll bar is asked for each time: Python's object of what Qt made itself is no longer valid
    once something else goes that PySide believes to hold the view, though Qt's is still there.
    """

    changed = Signal(bool)

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self.follows = True
        self._view = view
        self._quiet = False
        self._bar.valueChanged.connect(self._on_scrolled)

    @property
    def _bar(self) -> QScrollBar:
        return self._view.verticalScrollBar()

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
