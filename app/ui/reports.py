"""Offers the report of a run that crashed, at the next start."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.models.task import Task, TaskSlot
from app.report.found import settle_report, unseen_reports
from app.ui.files import show_folder

if TYPE_CHECKING:
    from app.ui.notices import Notices

LONGEST = 1_000_000  # characters: a report that repeats itself need not fill the clipboard


class ReportOffer(QObject):
    """Looks for reports in a thread of its own. GUI thread."""

    def __init__(self, folder: Path, notices: Notices) -> None:
        super().__init__(notices)
        self._folder = folder
        self._notices = notices
        self._looking = TaskSlot(self)
        self._looking.done.connect(self._offer)

    def _say(self, words: str) -> None:
        self._notices.say_error(lambda: words)

    def look(self) -> None:
        """Look once, and offer the newest that nobody has seen."""
        self._looking.start(Task("reports-look", lambda _task: _found(self._folder)))

    def _offer(self, found: list[tuple[Path, str]]) -> None:
        if found:
            path, text = found[-1]
            self._notices.offer_report(
                path.name,
                partial(QGuiApplication.clipboard().setText, text),
                partial(show_folder, path.parent, self._say),
                partial(_settle, [path for path, _ in found]),
            )


def _found(folder: Path) -> list[tuple[Path, str]]:
    return [
        (path, path.read_text("utf-8", errors="replace")[:LONGEST])
        for path in unseen_reports(folder)
    ]


def _settle(paths: list[Path]) -> None:
    for path in paths:
        settle_report(path)
