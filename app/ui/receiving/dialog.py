"""What is received into files, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, QStandardPaths
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.paths import make_folder
from app.settings import number_limits
from app.ui.dialogs import fit_dialog
from app.ui.files import folder_to_fill
from app.ui.rules.form import NumberLine
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from app.settings import Settings

WHAT = ("received", "sent", "both")
_DOCUMENTS = QStandardPaths.StandardLocation.DocumentsLocation


class ReceiveWish(NamedTuple):
    """What was chosen: settings, by their names."""

    receive_folder: str
    receive_what: str  # one of WHAT
    receive_rotate_mb: int  # 0: one file
    receive_rotate_min: int  # 0: one file


class ReceiveDialog(QDialog):
    """Accepted, `wish` says what is wanted, and its folder is there. GUI thread."""

    def __init__(self, whose: str, settings: Settings, parent: QWidget) -> None:
        """`whose`: a word for whose bytes they are. `settings`: what was chosen the last time."""
        super().__init__(parent)
        self.setWindowTitle(tr("receive.title"))
        self.folder = QLineEdit(
            settings.receive_folder or QStandardPaths.writableLocation(_DOCUMENTS)
        )
        self.browse = QPushButton(tr("receive.browse"))
        self.browse.setAutoDefault(False)  # Enter begins
        self.what = SteadyCombo()
        for what in WHAT:
            self.what.addItem(tr(f"receive.what_{what}"), what)
        self.what.setCurrentIndex(self.what.findData(settings.receive_what))
        self.megabytes = NumberLine(number_limits("receive_rotate_mb")[1])
        self.minutes = NumberLine(number_limits("receive_rotate_min")[1])
        self.megabytes.show_value(settings.receive_rotate_mb)
        self.minutes.show_value(settings.receive_rotate_min)
        self.error = FieldError(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        go = self.buttons.addButton(tr("receive.go"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.browse.clicked.connect(self._browse)
        self._lay_out(whose)
        fit_dialog(self, QSize(560, 300))

    def _lay_out(self, whose: str) -> None:
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.browse)
        rows = QFormLayout()
        rows.addRow(tr("receive.whose"), PlainLabel(whose))
        rows.addRow(tr("receive.folder"), where)
        rows.addRow(tr("receive.what"), self.what)
        for name, field in (("megabytes", self.megabytes), ("minutes", self.minutes)):
            field.setPlaceholderText(tr("receive.never"))
            field.setToolTip(tr(f"receive.{name}_tip"))
            field.setAccessibleName(tr(f"receive.{name}"))
            rows.addRow(tr(f"receive.{name}"), field)
        for name, widget in (("folder", self.folder), ("what", self.what)):
            widget.setAccessibleName(tr(f"receive.{name}"))
        note = PlainLabel(tr("receive.note"), role="secondary")
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(theme().px(10))
        column.addLayout(rows)
        column.addWidget(self.error)
        column.addWidget(note)
        column.addStretch(1)
        column.addWidget(self.buttons)

    @property
    def wish(self) -> ReceiveWish:
        """What is chosen."""
        folder = Path(self.folder.text().strip()).expanduser().absolute()
        what = str(self.what.currentData())
        return ReceiveWish(str(folder), what, self.megabytes.value(), self.minutes.value())

    def accept(self) -> None:
        """Begin, if there is a folder: a new one is made."""
        if not self.folder.text().strip():
            self.error.show_error(tr("receive.no_folder"), self.folder)
            return
        folder = self.folder.text().strip()
        try:
            make_folder(Path(self.wish.receive_folder))
        except (OSError, ValueError, RuntimeError) as error:  # also an unknown ~user, or a NUL
            reason = without_stop(getattr(error, "strerror", None) or str(error))
            words = tr("receive.bad_folder", folder=folder, reason=reason)
            self.error.show_error(words, self.folder)
            return
        super().accept()

    def _browse(self) -> None:
        if chosen := folder_to_fill(self, tr("receive.folder"), self.folder.text()):
            self.folder.setText(str(chosen))
            self.error.clear_error(self.folder)
