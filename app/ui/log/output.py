"""Entries on their way out of the log: to the clipboard, to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.models.task import TaskSlot
from app.ui.saving import Saving
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.evidence.form import Format
    from app.evidence.formats import Written
    from app.models.frame_gather import FrameGather
    from app.models.log_export import ExportOrder
    from app.models.log_gather import Clip, CopyForm, GatherOrder
    from app.models.log_rows import LogRows
    from app.settings import Settings
    from app.ui.log.export_dialog import Exportable
    from app.ui.widgets import FootBanner

Ranges = Sequence[tuple[int, int]]


class LogOutput(QObject):
    """Copies and exports in the background, and says how it went. GUI thread."""

    chosen = Signal(object)  # settings to be remembered, by name

    def __init__(self, rows: LogRows, notice: FootBanner, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows
        self._notice = notice
        self._copies = TaskSlot(self)
        self._copies.done.connect(self._on_copied)
        self._copies.failed.connect(self._on_read_failed)
        self._saving = Saving(notice, parent)
        self._host = parent
        self.form, self.folder = "txt", ""  # chosen last
        self._settings: Settings | None = None

    def show_settings(self, settings: Settings) -> None:
        """An export's format and folder were these the last time."""
        self._settings = settings
        self.form, self.folder = settings.export_format, settings.export_folder

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

    def export(self, selected: Ranges) -> None:
        """Ask what is wanted and where, and write it; `selected` are ranges of ids."""
        from app.ui.log.export_dialog import FRAMES, ExportDialog

        exportable = self._exportable(selected)
        if exportable is None:
            return
        dialog = ExportDialog(exportable, self.form, self._host)
        accepted = dialog.exec()
        form, order = dialog.form, dialog.order
        dialog.deleteLater()
        path = self._ask_where(order.form) if accepted else None
        if path is None:
            return
        self.form, self.folder = form, str(path.parent)
        self.chosen.emit({"export_format": self.form, "export_folder": self.folder})
        if form == FRAMES:
            self._write_frames(order.selection.ranges or (), path)
        else:
            self._write(order, path)

    def _exportable(self, selected: Ranges) -> Exportable | None:
        from app.evidence.selection import Selection
        from app.ui.log.export_dialog import Exportable, ranges_within

        rows = self._rows
        if rows.new_reader is None or rows.reader is None or not rows.count:
            return None
        shown = Selection(self._shown(), *rows.filter.streams)
        scopes = {"shown": shown}
        if selected:
            scopes["selected"] = ranges_within(selected, shown)
        scopes["all"] = Selection()
        found = (rows.reader.entry(entry_id) for entry_id in (rows.id_at(0), rows.reader.last_id))
        first_ns, last_ns = (entry.time_ns if entry else 0 for entry in found)
        return Exportable(
            rows.new_reader,
            scopes,
            rows.chosen_encodings,
            rows.default_encoding,
            rows.plan is not None,
            (first_ns, last_ns),
            self._settings,
            rows.filter.filters,
        )

    def _ask_where(self, form: Format) -> Path | None:
        from datetime import datetime

        name = f"{tr('log.export_name')}-{datetime.now():%Y%m%d-%H%M%S}{form.suffix}"
        kind = tr(f"evidence.form_{form}")
        kinds = tr("evidence.folder") if form.is_folder else f"{kind} (*{form.suffix})"
        path = self._saving.ask(tr("evidence.title"), name, kinds, self.folder)
        # A system's own dialog adds no suffix.
        return path.with_name(path.name + form.suffix) if path and not path.suffix else path

    def export_to(self, path: Path) -> None:
        """Save every shown row in the file at `path`, as text."""
        from app.evidence.form import Format
        from app.evidence.selection import Selection
        from app.models.log_export import ExportOrder

        rows = self._rows
        if not rows.count:
            return
        if rows.plan is not None:
            self._write_frames(self._shown(), path)
            return
        chosen = Selection(self._shown(), *rows.filter.streams)
        order = ExportOrder(
            chosen, Format.TXT, rows.chosen_encodings, rows.default_encoding,
            filters=rows.filter.filters,
        )  # fmt: skip
        self._write(order, path)

    def _shown(self) -> Ranges:
        return [(self._rows.id_at(0), self._rows.id_at(self._rows.count - 1))]

    def _write(self, order: ExportOrder, path: Path) -> None:
        from app.models.log_export import LogExport

        if self._rows.new_reader is not None:
            task = LogExport(self._rows.new_reader, order, path, self)
            self._saving.write(task, path, lambda written: _done(written, path))

    def _write_frames(self, ranges: Ranges, path: Path) -> None:
        from app.models.frame_gather import FrameExport

        if self._rows.new_reader is not None:
            task = FrameExport(self._rows.new_reader, self._frames(ranges), path, self)
            self._saving.write(task, path, lambda written: _done(written, path))

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
        """Give up what is at work."""
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


def _done(written: Written, path: Path) -> str:
    from app.evidence.source import total_of

    said = tr("log.export_done", n=written.entries, name=path.name)
    missing = total_of(written.gaps)
    return f"{said} {tr('evidence.gaps', n=missing)}" if missing else said
