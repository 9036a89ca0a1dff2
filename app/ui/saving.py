"""Asks for a place, writes there in the background, and says how it goes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.models.task import TaskSlot
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.models.task import Task
    from app.ui.widgets import FootBanner


class Saving(QObject):
    """One file at a time: the next takes the place of one not written yet. GUI thread."""

    def __init__(self, notice: FootBanner, host: QWidget) -> None:
        """`notice` says how it goes; dialogs belong to `host`."""
        super().__init__(host)
        self._notice, self._host = notice, host
        self._path = Path()
        self._said: Callable[[Any], str] = str
        self._slot = TaskSlot(self)
        self._slot.progressed.connect(self._on_progressed)
        self._slot.done.connect(self._on_done)
        self._slot.failed.connect(self._on_failed)
        self._slot.busy_changed.connect(self._on_busy)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being written."""
        return self._slot.is_busy

    def ask(self, title: str, name: str, kinds: str, last: str = "") -> Path | None:
        """Let the user choose a file in the folder `last`, or among the documents."""
        from app.ui.files import file_to_save

        chosen = file_to_save(self._host, title, name, kinds, last)
        return chosen[0] if chosen else None

    def write(self, task: Task, path: Path, said: Callable[[Any], str]) -> None:
        """Let `task` write the file at `path`. `said`: the sentence at its end, from its result."""
        self._path, self._said = path, said
        self._slot.start(task)
        self._on_progressed(0, 1)

    def stop(self) -> None:
        """Give up what is not written yet; what was written of it is deleted."""
        self._slot.stop()

    def _on_progressed(self, done: int, total: int) -> None:
        percent = done * 100 // max(total, 1)
        self._notice.show_work(
            lambda: tr("saving.running", percent=percent),
            lambda: tr("saving.stop"),
            self._slot.cancel,
        )

    def _on_done(self, result: object) -> None:
        said = self._said
        self._notice.say(lambda: said(result))

    def _on_busy(self, busy: bool) -> None:
        if not busy:
            self._notice.end_work()

    def _on_failed(self, reason: str) -> None:
        words = partial(tr, "saving.failed", name=self._path.name, reason=without_stop(reason))
        self._notice.say_error(words)
