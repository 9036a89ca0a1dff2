"""Entries on their way out of the log: to the clipboard, to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication

from app.models.log_task import TaskSlot
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.models.log_gather import Clip, CopyForm, GatherOrder
    from app.models.log_rows import LogRows
    from app.ui.log.notice import LogNotice

Ranges = Sequence[tuple[int, int]]


class LogOutput(QObject):
    """Copies and exports in the background, and says how it went. GUI thread."""

    def __init__(self, rows: LogRows, notice: LogNotice, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows
        self._notice = notice
        self._window = parent
        self._path = Path()
        self._copies = TaskSlot(self)
        self._copies.done.connect(self._on_copied)
        self._copies.failed.connect(self._on_read_failed)
        self._exports = TaskSlot(self)
        self._exports.progressed.connect(self._on_export_progressed)
        self._exports.done.connect(self._on_exported)
        self._exports.failed.connect(self._on_export_failed)
        self._exports.busy_changed.connect(self._on_export_busy)

    def copy(self, ranges: Ranges, form: CopyForm) -> None:
        """Put the shown entries of these ranges of ids on the clipboard."""
        from app.models.log_gather import LogCopy

        new_reader = self._rows.new_reader
        if new_reader is not None and ranges:
            self._copies.start(LogCopy(new_reader, self._order(ranges), form, self))

    def export(self) -> None:
        """Ask for a file, and save every shown entry in it."""
        if not self._rows.count:
            return
        from datetime import datetime

        from PySide6.QtWidgets import QFileDialog

        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{tr('log.export_name')}-{datetime.now():%Y%m%d-%H%M%S}.txt"
        chosen, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("log.export_title"),
            str(Path(folder) / name),
            tr("log.export_filter"),
        )
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        """Save every shown entry in the file at `path`."""
        from app.models.log_gather import LogExport

        new_reader = self._rows.new_reader
        count = self._rows.count
        if new_reader is None or not count:
            return
        self._path = path
        order = self._order([(self._rows.id_at(0), self._rows.id_at(count - 1))])
        self._exports.start(LogExport(new_reader, order, path, self))
        self._on_export_progressed(0, 1)

    def stop(self) -> None:
        """Give up what is at work, and wait until no thread is left."""
        self._copies.stop()
        self._exports.stop()

    def _order(self, ranges: Ranges) -> GatherOrder:
        from app.models.log_gather import GatherOrder

        rows = self._rows
        return GatherOrder(ranges, rows.filter, rows.chosen_encodings, rows.default_encoding)

    def _on_copied(self, clip: Clip) -> None:
        if clip.entries:
            QGuiApplication.clipboard().setText(clip.text)
            key = "log.copied" if clip.complete else "log.copied_part"
            self._notice.say(tr(key, n=clip.entries))

    def _on_read_failed(self, reason: str) -> None:
        self._notice.say_error(tr("log.read_failed", reason=without_stop(reason)))

    def _on_export_progressed(self, done: int, total: int) -> None:
        text = tr("log.export_running", percent=done * 100 // max(total, 1))
        self._notice.show_work(text, tr("log.export_cancel"), self._exports.cancel)

    def _on_export_busy(self, busy: bool) -> None:
        if not busy:
            self._notice.end_work()

    def _on_exported(self, count: int) -> None:
        self._notice.say(tr("log.export_done", n=count, name=self._path.name))

    def _on_export_failed(self, reason: str) -> None:
        sentence = tr("log.export_failed", name=self._path.name, reason=without_stop(reason))
        self._notice.say_error(sentence)
