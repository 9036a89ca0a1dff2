"""Automatic reply: off, a fixed text, or what the client sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from app.text.decoder import EncodeFault, encode
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError
from app.wording import tr
from app.wording.sentences import encoding_label

if TYPE_CHECKING:
    from app.settings import Settings

TYPING_PAUSE_MS = 400  # a text half typed is not yet the reply


class ReplyGroup(QWidget):
    """A check box, the kind, and the text. GUI thread."""

    changed = Signal(str, object)  # "reply_mode" or "reply_text", and the value

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._encoding = settings.encoding
        self._kept = settings.reply_text
        self.check = QCheckBox()
        self.check.setChecked(settings.reply_mode != "off")
        self.kind = SteadyCombo()
        self.kind.addItem("", "text")
        self.kind.addItem("", "echo")
        self.kind.setCurrentIndex(1 if settings.reply_mode == "echo" else 0)
        self.text = QLineEdit(settings.reply_text)
        self.error = FieldError(self)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._tell_text)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.check, self.kind, self.text, self.error):
            self._column.addWidget(widget)
        self.check.toggled.connect(self._tell_mode)
        self.kind.activated.connect(self._tell_mode)
        self.text.textEdited.connect(lambda: self._pause.start())
        self.text.editingFinished.connect(self._tell_text)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_encoding(self, name: str) -> None:
        """The encoding of new clients, in which the text must be writable."""
        self._encoding = name
        self._judge()

    def _tell_mode(self) -> None:
        self._judge()
        kind = str(self.kind.currentData())
        self.changed.emit("reply_mode", kind if self.check.isChecked() else "off")

    def _tell_text(self) -> None:
        self._pause.stop()
        self._judge()
        if self.text.text() != self._kept:
            self._kept = self.text.text()
            self.changed.emit("reply_text", self._kept)

    def _judge(self) -> None:
        """Say under the text why it would not be sent; it is kept as it is."""
        is_text = self.kind.currentData() == "text"
        self.text.setVisible(is_text)
        wanted = is_text and self.check.isChecked()
        self.error.show_error(self._complaint() if wanted else "", self.text)

    def _complaint(self) -> str:
        if not self.text.text():
            return tr("setup.reply_empty")
        try:
            encode(self.text.text(), self._encoding)
        except EncodeFault as fault:
            label = encoding_label(fault.encoding)
            return tr("setup.reply_unencodable", character=fault.character, encoding=label)
        return ""

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.check.setText(tr("setup.reply"))
        self.check.setToolTip(tr("setup.reply_tip"))
        for row, kind in enumerate(("text", "echo")):
            self.kind.setItemText(row, tr(f"setup.reply_{kind}"))
        self.kind.setAccessibleName(tr("setup.reply_kind"))
        self.kind.setToolTip(tr("setup.reply_kind_tip"))
        self.text.setAccessibleName(tr("setup.reply_text_name"))
        self.text.setToolTip(tr("setup.reply_text_tip"))
        self._judge()

    def _restyle(self) -> None:
        self._column.setSpacing(theme().px(4))
