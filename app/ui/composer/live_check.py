"""Checking while the user types, never at the cost of typing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.task import Task, TaskSlot
from app.ui.composer.check import check

if TYPE_CHECKING:
    from app.text.compose import ComposeOptions

_DELAY_MS = 120  # after the last key
_AT_ONCE = 10_000  # characters: a few ms; a longer text is checked in the background


class Question(NamedTuple):
    """What is to be checked."""

    text: str
    options: ComposeOptions
    encodings: Collection[str]


class LiveCheck(QObject):
    """Checks what is typed a moment after the last `poke`, and tells the outcome. GUI thread.

    `stop` comes before its end.
    """

    done = Signal(object)  # Check: of what is typed still

    def __init__(self, question: Callable[[], Question], parent: QObject) -> None:
        """`question` tells what is typed now."""
        super().__init__(parent)
        self._question = question
        self._slot = TaskSlot(self)
        self._slot.done.connect(self._on_done)
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._run)

    def poke(self) -> None:
        """The text changed: wait until typing pauses."""
        self._timer.start()

    def nudge(self) -> None:
        """Something else changed, perhaps often: check soon, without starting the wait anew."""
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Check no more."""
        self._timer.stop()
        self._slot.stop()

    def _run(self) -> None:
        if self._slot.is_busy:  # its outcome is out of date; one thread is enough
            self._timer.start()
            return
        asked = self._question()
        if len(asked.text) <= _AT_ONCE:
            self.done.emit(check(*asked))
        else:
            self._slot.start(Task("live-check", lambda _task: check(*asked), self))

    def _on_done(self, outcome: object) -> None:
        if not self._timer.isActive():
            self.done.emit(outcome)
