"""Automatic reply: off, a fixed text, or what the client sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from app.settings import Settings

TYPING_PAUSE_MS = 400  # a text half typed is not yet the reply


class ReplyGroup(QWidget):
    """A check box, the kind, and the text. GUI thread."""

    changed = Signal(str, object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check = QCheckBox()
        self._check.setChecked(settings.reply_mode != "off")
        self._kind = QComboBox()
        self._kind.addItem("", "text")
        self._kind.addItem("", "echo")
        self._kind.setCurrentIndex(1 if settings.reply_mode == "echo" else 0)
        self._text = QLineEdit(settings.reply_text)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._tell_text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(4))
        for widget in (self._check, self._kind, self._text):
            column.addWidget(widget)
        self._check.toggled.connect(self._tell_mode)
        self._kind.activated.connect(self._tell_mode)
        self._text.textEdited.connect(lambda: self._pause.start())
        self._text.editingFinished.connect(self._tell_text)
        self._show()

    def _tell_mode(self) -> None:
        self._show()
        on = self._check.isChecked()
        self.changed.emit("reply_mode", str(self._kind.currentData()) if on else "off")

    def _tell_text(self) -> None:
        self._pause.stop()
        self.changed.emit("reply_text", self._text.text())

    def _show(self) -> None:
        self._text.setVisible(self._kind.currentData() == "text")

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._check.setText(tr("setup.reply"))
        self._check.setToolTip(tr("setup.reply_tip"))
        for at, kind in enumerate(("text", "echo")):
            self._kind.setItemText(at, tr(f"setup.reply_{kind}"))
        self._kind.setAccessibleName(tr("setup.reply_kind"))
        self._text.setAccessibleName(tr("setup.reply_text_name"))
        self._text.setToolTip(tr("setup.reply_text_tip"))
