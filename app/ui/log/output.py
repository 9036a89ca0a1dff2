"""Entries on their way out of the log: to the clipboard, to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.models.task import TaskSlot
from app.ui.saving import Saving
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.models.frame_gather import FrameGather
    from app.models.log_gather import Clip, CopyForm, GatherOrder
    from app.models.log_rows import LogRows
    from app.models.log_task import LogTask
    from app.ui.widgets import FootBanner

Ranges = Sequence[tuple[int, int]]


class LogOutput(QObject):
    """Copies and exports in the background, and says how it went. GUI thread."""

    def __init__(self, rows: LogRows, notice: FootBanner, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows
        self._notice = notice
        self._copies = TaskSlot(self)
        self._copies.done.connect(self._on_copied)
        self._copies.failed.connect(self._on_read_failed)
        self._saving = Saving(notice, parent)

    def copy(self, ranges: Ranges, form: CopyForm) -> None:
        """Put the shown rows of these ranges of ids on the clipboard."""
        new_reader = self._rows.new_reader
        if new_reader is None or not ranges:
            return
        if self._rows.plan is not None:
            from app.models.frame_gather import FrameCopy

            self._copies.start(FrameCopy(new_reader, self._frames(ranges), form, self))
            return
        from app.models.log_gather import LogCopy

        self._copies.start(LogCopy(new_reader, self._order(ranges), form, self))

    def export(self) -> None:
        """Ask for a file, and save every shown entry in it."""
        if not self._rows.count:
            return
        from datetime import datetime

        name = f"{tr('log.export_name')}-{datetime.now():%Y%m%d-%H%M%S}.txt"
        path = self._saving.ask(tr("log.export_title"), name, tr("log.export_filter"))
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Save every shown row in the file at `path`."""
        new_reader = self._rows.new_reader
        count = self._rows.count
        if new_reader is None or not count:
            return
        ranges = [(self._rows.id_at(0), self._rows.id_at(count - 1))]
        task: LogTask
        if self._rows.plan is not None:
            from app.models.frame_gather import FrameExport

            task = FrameExport(new_reader, self._frames(ranges), path, self)
        else:
            from app.evidence.form import Format
            from app.evidence.selection import Selection
            from app.models.log_export import ExportOrder, LogExport

            chosen = Selection(ranges, *self._rows.filter)
            encodings = self._rows.chosen_encodings, self._rows.default_encoding
            task = LogExport(new_reader, ExportOrder(chosen, Format.TXT, *encodings), path, self)
        self._saving.write(
            task,
            path,
            lambda written: tr("log.export_done", n=written.entries, name=path.name),
        )

    def save_copy(self) -> None:
        """Ask for a file, and make it a whole copy of the journal."""
        reader = self._rows.reader
        if reader is None:
            return
        name = f"{reader.path.stem}-{tr('log.copy_journal_name')}.db"
        kinds = tr("window.journal_filter")
        path = self._saving.ask(tr("log.copy_journal_title"), name, kinds)
        if path is not None:
            self.save_copy_to(path)

    def save_copy_to(self, path: Path) -> None:
        """Make the file at `path` a whole copy of the journal."""
        from app.journal.copying import copy_journal
        from app.models.log_task import LogTask

        if self._rows.new_reader is None:
            return
        task = LogTask(
            "journal-copy",
            self._rows.new_reader,
            lambda reader, task: copy_journal(
                reader, path, cancelled=task.cancelled, progress=task.report
            ),
            self,
        )
        self._saving.write(
            task,
            path,
            lambda size: tr("log.copy_journal_done", size=size_text(size), path=str(path)),
        )

    def stop(self) -> None:
        """Give up what is at work, and wait until no thread is left."""
        self._copies.stop()
        self._saving.stop()

    def _order(self, ranges: Ranges) -> GatherOrder:
        from app.models.log_gather import GatherOrder

        rows = self._rows
        return GatherOrder(ranges, rows.filter, rows.chosen_encodings, rows.default_encoding)

    def _frames(self, ranges: Ranges) -> FrameGather:
        from app.models.frame_gather import FrameGather

        rows, plan = self._rows, self._rows.plan
        assert plan is not None
        table, _, _ = rows.frame_table()
        return FrameGather(table, ranges, plan, rows.chosen_encodings, rows.default_encoding)

    def _on_copied(self, clip: Clip) -> None:
        if clip.entries:
            QGuiApplication.clipboard().setText(clip.text)
            key = "log.copied" if clip.complete else "log.copied_part"
            self._notice.say(lambda: tr(key, n=clip.entries))

    def _on_read_failed(self, reason: str) -> None:
        self._notice.say_error(lambda: tr("log.read_failed", reason=without_stop(reason)))
