"""What of the journal is exported, and as what, with how the file will begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QDateTime, QSize, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.evidence.form import Format
from app.evidence.selection import Selection
from app.models.log_export import PREVIEW_BYTES, ExportOrder, ExportPreview
from app.models.row_filter import Filters
from app.models.task import TaskSlot
from app.ui.dialogs import fit_dialog
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.settings import Settings

FRAMES = "frames"  # a line for each frame: as the log shows them now
_LOOK_MS = 200  # after a change, before the preview is made anew
_MOMENT = "yyyy-MM-dd HH:mm:ss"


class Exportable(NamedTuple):
    """What there is to choose from."""

    new_reader: Callable[[], Reader]
    scopes: Mapping[str, Selection]  # "shown", "selected", "all": those that there are
    encodings: Mapping[int, str]
    default: str  # a stranger's encoding
    frames: bool  # the log shows frames
    times_ns: tuple[int, int]  # of the first and the last entry
    settings: Settings | None
    filters: Filters = ()  # what they hide is not shown


class ExportDialog(QDialog):
    """Accepted, `form` and `order` say what is wanted. GUI thread."""

    def __init__(self, exportable: Exportable, form: str, parent: QWidget | None = None) -> None:
        """`form` is the format that was chosen last."""
        super().__init__(parent)
        self.setWindowTitle(tr("evidence.title"))
        self._exportable = exportable
        self.scope, self.formats = QComboBox(), QComboBox()
        for name in exportable.scopes:
            self.scope.addItem(tr(f"evidence.scope_{name}"), name)
        for each in (*((FRAMES,) if exportable.frames else ()), *Format):
            self.formats.addItem(tr(f"evidence.form_{each}"), str(each))
        self.formats.setCurrentIndex(max(self.formats.findData(form), 0))
        first_ns, last_ns = exportable.times_ns
        self.since = _Moment(tr("evidence.since"), first_ns)
        self.until = _Moment(tr("evidence.until"), last_ns + 10**9)  # the last one's second too
        self._note = PlainLabel(role="secondary")
        self._note.setWordWrap(True)
        self.preview = QPlainTextEdit()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self._buttons.addButton(tr("evidence.go"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._looking = TaskSlot(self)
        self._later = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._lay_out()
        self._connect()
        self._look()
        fit_dialog(self, QSize(720, 520))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        rows = QFormLayout()
        rows.addRow(tr("evidence.scope"), self.scope)
        rows.addRow(tr("evidence.span"), _side_by_side(self.since, self.until))
        rows.addRow(tr("evidence.form"), self.formats)
        column.addLayout(rows)
        column.addWidget(self._note)
        self.preview.setReadOnly(True)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setFont(theme().mono_font())
        self.preview.setAccessibleName(tr("evidence.preview"))
        column.addWidget(PlainLabel(tr("evidence.preview")))
        column.addWidget(self.preview, 1)
        column.addWidget(self._buttons)
        self.go.setDefault(True)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._looking.done.connect(self._show)
        self._looking.failed.connect(lambda why: self._note.setText(without_stop(why)))
        self._later.timeout.connect(self._look)
        for box in (self.scope, self.formats):
            box.currentIndexChanged.connect(self._later.start)
        for moment in (self.since, self.until):
            moment.box.toggled.connect(self._later.start)
            moment.edit.dateTimeChanged.connect(self._later.start)

    def done(self, result: int) -> None:
        """The dialog closes: nothing is looked for."""
        self._later.stop()
        self._looking.stop()
        super().done(result)

    @property
    def form(self) -> str:
        """A Format's value, or FRAMES."""
        return str(self.formats.currentData())

    @property
    def order(self) -> ExportOrder:
        """What is chosen; FRAMES count as text."""
        scope = self._exportable.scopes[self.scope.currentData()]
        chosen = Selection(scope.ranges, scope.clients, scope.kinds, self.since.ns, self.until.ns)
        form = Format.TXT if self.form == FRAMES else Format(self.form)
        found = self._exportable
        filters = () if self.scope.currentData() == "all" else found.filters
        return ExportOrder(chosen, form, found.encodings, found.default, found.settings, filters)

    def _look(self) -> None:
        is_frames = self.form == FRAMES
        is_whole = not is_frames and self.order.form.is_whole
        self.scope.setEnabled(not is_whole)
        for moment in (self.since, self.until):
            moment.setEnabled(not (is_frames or is_whole))
        self._note.setText(tr(f"evidence.about_{self.form}"))
        self.preview.setEnabled(not is_frames)
        if is_frames:
            self._looking.cancel()
            self.preview.setPlainText("")
            return
        self._looking.start(ExportPreview(self._exportable.new_reader, self.order, self))

    def _show(self, begun: bytes) -> None:
        form = self.order.form
        if form is Format.PCAPNG:
            text = begun[:1024].hex(" ", 1).upper()
            text = "\n".join(text[at : at + 48] for at in range(0, len(text), 48))
        else:
            text = begun.decode("utf-8-sig", "replace")
            if len(begun) >= PREVIEW_BYTES:
                text += "…"
        self.preview.setPlainText(text)


class _Moment(QWidget):
    """A moment that may be left out."""

    def __init__(self, words: str, time_ns: int) -> None:
        super().__init__()
        self.box = QCheckBox(words)
        self.edit = QDateTimeEdit(QDateTime.fromSecsSinceEpoch(time_ns // 10**9))
        self.edit.setDisplayFormat(_MOMENT)
        self.edit.setCalendarPopup(True)
        self.edit.setAccessibleName(words)
        self.edit.setEnabled(False)
        self.box.toggled.connect(self.edit.setEnabled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addWidget(self.edit)

    @property
    def ns(self) -> int | None:
        """Wall clock; None: it is left out."""
        return self.edit.dateTime().toSecsSinceEpoch() * 10**9 if self.box.isChecked() else None


def _side_by_side(*parts: QWidget) -> QWidget:
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return host


def ranges_within(ranges: Sequence[tuple[int, int]], shown: Selection) -> Selection:
    """Return what of the shown entries is in these ranges."""
    return Selection(ranges, shown.clients, shown.kinds)
