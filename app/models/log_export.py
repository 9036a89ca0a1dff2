"""Entries of the log into a file, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.evidence.form import Format
from app.evidence.formats import export, preview
from app.evidence.selection import Selection
from app.evidence.source import Source
from app.models.log_encodings import JournalEncodings
from app.models.log_task import LogTask
from app.models.row_filter import Filters
from app.models.row_judge import Judging

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.settings import Settings

PREVIEW_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is exported, and as what."""

    selection: Selection
    form: Format
    encodings: Mapping[int, str]  # by client, where the user changed them
    default: str  # a stranger's encoding
    settings: Settings | None = None  # for an archive
    filters: Filters = ()  # what they hide is left out

    def source(self, reader: Reader, task: LogTask) -> Source:
        """Return what is to be written, for the thread of `reader`."""
        encodings = JournalEncodings(reader, self.encodings, self.default)
        judging = Judging(self.filters, self.encodings, self.default)
        return Source(
            reader,
            self.selection,
            encoding_of=encodings.of,
            cancelled=task.cancelled,
            progress=task.report,
            settings=self.settings,
            passing=judging.judge(reader, task.cancelled).passing_entries if self.filters else None,
        )


class LogExport(LogTask):
    """Writes entries to a file, or a folder. Emits `done` with a `Written`.

    It appears whole or not at all: it is written beside its place and moved there.
    """

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        order: ExportOrder,
        path: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(
            "log-export",
            new_reader,
            lambda reader, task: export(order.source(reader, task), order.form, path),
            parent,
        )


class ExportPreview(LogTask):
    """Emits `done` with the text that an export would begin with."""

    def __init__(
        self, new_reader: Callable[[], Reader], order: ExportOrder, parent: QObject | None = None
    ) -> None:
        super().__init__(
            "export-preview",
            new_reader,
            lambda reader, task: preview(order.source(reader, task), order.form, PREVIEW_BYTES),
            parent,
        )
