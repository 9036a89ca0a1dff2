"""A checksum put together, calculated over some bytes, and found in them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.frames.checksums import catalogue
from app.frames.seals import Seal, SealFault, find_seals, read_seal
from app.models.task import Task, TaskSlot
from app.reply.rules import RuleFault
from app.text.hexa import HexFault, format_hex, parse_hex
from app.ui.dialogs import fit_dialog
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr
from app.wording.rules import rule_complaint

_PAUSE_MS = 200


class ChecksumDialog(QDialog):
    """Notation at the top; bytes, its value over them, and what they carry below. GUI thread."""

    taken = Signal(str)  # the notation

    def __init__(self, notation: str, data: bytes, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("checksum.title"))
        self.name = QComboBox()
        for checksum in catalogue().values():
            self.name.addItem(checksum.title, checksum.name)
        self.line, self.bytes = QLineEdit(notation), QPlainTextEdit(format_hex(data))
        self.bytes.setTabChangesFocus(True)
        self.error, self.value = FieldError(self), QLineEdit()
        self.value.setReadOnly(True)
        self.found = QListWidget()
        self._slot = TaskSlot(self)
        self._slot.done.connect(self._show_found)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._lay_out()
        self.name.activated.connect(self._on_name)
        self.line.textChanged.connect(lambda: self._calculate())
        self.bytes.textChanged.connect(self._on_bytes)
        self.found.itemActivated.connect(lambda item: self.line.setText(item.text()))
        self.found.itemClicked.connect(lambda item: self.line.setText(item.text()))
        if not notation:
            self._on_name()
        self._on_bytes()
        self.bytes.setFocus()
        fit_dialog(self, QSize(560, 460))

    def _lay_out(self) -> None:
        form = QFormLayout()
        rows = {"name": self.name, "notation": self.line, "bytes": self.bytes, "value": self.value}
        for key, widget in rows.items():
            label = PlainLabel(tr(f"checksum.{key}"), self, role="secondary")
            label.setBuddy(widget)
            widget.setAccessibleName(label.text())
            widget.setToolTip(tr(f"checksum.{key}_tip"))
            form.addRow(label, widget)
        self._which = PlainLabel(tr("checksum.which"), self, role="heading")
        self.found.setAccessibleName(tr("checksum.which"))
        buttons = QDialogButtonBox(self)
        self._ok = buttons.addButton(tr("checksum.use"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._on_use)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        for widget in (self.error, self._which, self.found, buttons):
            column.addWidget(widget)

    @property
    def _seal(self) -> Seal | None:
        """What is written; None, and said, if it cannot be read."""
        try:
            seal = read_seal(self.line.text())
        except SealFault as fault:
            self.error.show_error(rule_complaint(RuleFault(fault.case, fault.part)), self.line)
            return None
        self.error.clear_error(self.line)
        return seal

    def _on_name(self) -> None:
        """Another algorithm in the same place, as the notation has it."""
        written = self._seal
        name = self.name.currentData()
        self.line.setText(str(Seal(name) if written is None else _renamed(written, name)))

    def _calculate(self) -> None:
        seal = self._seal
        self._ok.setEnabled(seal is not None)
        if seal is None:
            self.value.clear()
            return
        self.name.setCurrentIndex(self.name.findData(seal.name))
        value = seal.of(self._data())
        self.value.setText(value.decode("ascii") if seal.digits else format_hex(value))

    def _data(self) -> bytes:
        try:
            return parse_hex(self.bytes.toPlainText())
        except HexFault:
            return b""  # half typed

    def _on_bytes(self) -> None:
        self._calculate()
        self._pause.start()

    def _look(self) -> None:
        self._slot.start(Task("which-checksum", partial(_found, self._data())))

    def _show_found(self, seals: list[Seal]) -> None:
        self.found.clear()
        self.found.addItems([str(seal) for seal in seals])
        if not seals and self._data():
            self.found.addItem(tr("checksum.not_found"))
            self.found.item(0).setFlags(Qt.ItemFlag.NoItemFlags)

    def _on_use(self) -> None:
        if (seal := self._seal) is not None:
            self.taken.emit(str(seal))
            self.accept()

    def done(self, result: int) -> None:
        """It closes: nothing is looked for."""
        self._pause.stop()
        self._slot.stop()
        super().done(result)


def _renamed(seal: Seal, name: str) -> Seal:
    return Seal(name, seal.first, seal.last, seal.order, seal.at, seal.digits)


def _found(data: bytes, _task: Task) -> list[Seal]:
    return find_seals(data)
