"""The dialogs in which a task is started: how often, how large, how long."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.settings import number_limits
from app.ui.dialogs import fit_dialog
from app.ui.files import file_to_open
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr

if TYPE_CHECKING:
    from app.settings import Settings

_MOST_SHOWN = 2_000_000_000


class TaskForm(QDialog):
    """Some settings, whom it is for, and Start. Accepted, `values` are to be kept. GUI thread."""

    numbers: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()

    def __init__(self, title: str, whom: str, settings: Settings, parent: QWidget) -> None:
        """`whom` says who gets it."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.rows = QFormLayout()
        self.rows.setVerticalSpacing(theme().px(6))
        self._add_first(settings)
        self.fields = {name: self._number(name, settings) for name in self.numbers}
        self.boxes = {name: self._switch(name, settings) for name in self.switches}
        self.error = FieldError(self)
        note = PlainLabel(whom, self, role="secondary")
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("common.cancel"))
        self.go = buttons.addButton(tr("tasks.start"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(note)
        column.addLayout(self.rows)
        column.addStretch(1)
        column.addWidget(self.error)
        column.addWidget(buttons)
        fit_dialog(self, QSize(460, 200))

    def _add_first(self, settings: Settings) -> None:
        """Put fields of its own before the others."""

    def _number(self, name: str, settings: Settings) -> QSpinBox:
        low, high = number_limits(name)
        field = QSpinBox()
        field.setRange(low, min(high, _MOST_SHOWN))
        field.setGroupSeparatorShown(True)
        field.setSuffix(f" {tr(f'tasks.unit_{_UNITS[name]}')}")
        if low == 0 and name in _ZEROS:
            field.setSpecialValueText(tr(f"tasks.{_ZEROS[name]}"))
        field.setValue(getattr(settings, name))
        field.setToolTip(tr(f"tasks.{name}_tip"))
        label = PlainLabel(tr(f"tasks.{name}"), self, role="secondary")
        label.setBuddy(field)
        field.setAccessibleName(tr(f"tasks.{name}"))
        self.rows.addRow(label, field)
        return field

    def _switch(self, name: str, settings: Settings) -> QCheckBox:
        box = QCheckBox(tr(f"tasks.{name}"))
        box.setChecked(getattr(settings, name))
        box.setToolTip(tr(f"tasks.{name}_tip"))
        self.rows.addRow(box)
        return box

    @property
    def values(self) -> dict[str, object]:
        """The settings as they stand here."""
        found: dict[str, object] = {name: field.value() for name, field in self.fields.items()}
        return found | {name: box.isChecked() for name, box in self.boxes.items()}


_UNITS = {
    "repeat_ms": "ms", "repeat_times": "times", "sequence_rounds": "rounds",
    "sequence_pause_ms": "ms", "sequence_patience_ms": "ms", "file_piece_bytes": "bytes",
    "file_every_ms": "ms",
}  # fmt: skip
_ZEROS = {
    "repeat_times": "until_stopped", "sequence_rounds": "until_stopped",
    "file_piece_bytes": "suits", "file_every_ms": "at_once",
}  # fmt: skip


class RepeatForm(TaskForm):
    """A message again and again."""

    numbers = ("repeat_ms", "repeat_times")


class SequenceForm(TaskForm):
    """Commands in order."""

    numbers = ("sequence_pause_ms", "sequence_rounds", "sequence_patience_ms")
    switches = ("sequence_goes_on",)


class FileForm(TaskForm):
    """A file."""

    numbers = ("file_piece_bytes", "file_every_ms")
    switches = ("file_keeps",)

    def _add_first(self, settings: Settings) -> None:
        self.path = QLineEdit()
        self.path.setAccessibleName(tr("tasks.path"))
        self.path.textChanged.connect(lambda: self.error.clear_error())
        self.browse = QPushButton(tr("tasks.browse"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.path, 1)
        row.addWidget(self.browse)
        label = PlainLabel(tr("tasks.path"), self, role="secondary")
        label.setBuddy(self.path)
        self.rows.addRow(label, line)

    def _browse(self) -> None:
        if path := file_to_open(self, tr("tasks.choose_file"), place=self.path.text()):
            self.path.setText(str(path))

    def accept(self) -> None:
        """Take it, if there is such a file."""
        path = self.path.text().strip()
        try:
            known = bool(path) and Path(path).expanduser().is_file()
        except (OSError, RuntimeError, ValueError):  # too long; nobody's home; a NUL in it
            known = False
        if not known:
            self.error.show_error(tr("tasks.no_such_file"))
            self.path.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().accept()
