"""Automatic reply: off, a fixed text, fixed bytes, or what the client sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.settings import changed
from app.text.compose import ComposeFault, LineEnding, compose
from app.text.visible import escaped
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError
from app.ui.widgets.one_line import HIDDEN, hold_what_is_shown
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import reply_fault_sentence

if TYPE_CHECKING:
    from app.settings import ServerProfile

TYPING_PAUSE_MS = 400  # a text half typed is not yet the reply
_KINDS = ("text", "hex", "echo", "rules")
_FIELDS = {"text": "reply_text", "hex": "reply_hex"}  # by kind: the setting that the field shows


class ReplyGroup(Worded, QWidget):
    """A check box, the kind, what is replied, and how a text is read. GUI thread.

    Text and bytes are kept apart, so that changing the kind loses neither. A reply that cannot be
    sent is kept as it is typed, and said so.
    """

    changed = Signal(str, object)  # the name of one of the settings "reply_…", and its value
    rules_wanted = Signal()  # to be seen and edited

    def __init__(self, profile: ServerProfile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = profile  # with what is chosen here
        self._shown = ""  # the setting in the field: still the old kind's when another is chosen
        self.check = QCheckBox()
        self.check.setChecked(profile.reply_mode != "off")
        self.kind = SteadyCombo()
        for kind in _KINDS:
            self.kind.addItem("", kind)
        self.kind.setCurrentIndex(max(self.kind.findData(profile.reply_mode), 0))
        self.text = QLineEdit()
        hold_what_is_shown(self.text, self._visibly)
        self.escapes = QCheckBox()
        self.escapes.setChecked(profile.reply_escapes)
        self.line_ending = SteadyCombo()
        for ending in LineEnding:
            self.line_ending.addItem(ending.name, ending.value)
        self.line_ending.setCurrentIndex(self.line_ending.findData(profile.reply_line_ending))
        self.rules = QPushButton()
        self.error = FieldError(self)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._tell_text)
        self._lay_out()
        self._connect()
        self._show_kind()
        self.dress()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._reading = QWidget()
        row = QHBoxLayout(self._reading)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.escapes)
        row.addWidget(self.line_ending, 1)
        for widget in (self.check, self.kind, self.text, self._reading, self.rules, self.error):
            self._column.addWidget(widget)

    def _connect(self) -> None:
        self.check.toggled.connect(self._on_kind)
        self.rules.clicked.connect(self.rules_wanted)
        self.kind.activated.connect(self._on_kind)
        self.text.textEdited.connect(lambda: self._pause.start())
        self.text.editingFinished.connect(self._tell_text)
        self.escapes.toggled.connect(lambda on: self._tell("reply_escapes", on))
        self.line_ending.activated.connect(
            lambda _: self._tell("reply_line_ending", self.line_ending.currentData())
        )

    def _visibly(self, text: str) -> str:
        """Write line breaks and other hidden characters as escapes where escapes are read."""
        as_escapes = self._shown == "reply_text" and self._profile.reply_escapes
        return HIDDEN.sub(lambda found: escaped(found.group()) if as_escapes else " ", text)

    def commit(self) -> None:
        """Take what is typed and not yet taken."""
        self._tell_text()

    def show_profile(self, profile: ServerProfile) -> None:
        """Show another server's reply."""
        self._pause.stop()
        self._profile, self._shown = profile, ""
        with QSignalBlocker(self.check), QSignalBlocker(self.escapes):
            self.check.setChecked(profile.reply_mode != "off")
            self.escapes.setChecked(profile.reply_escapes)
        self.kind.setCurrentIndex(max(self.kind.findData(profile.reply_mode), 0))
        self.line_ending.setCurrentIndex(self.line_ending.findData(profile.reply_line_ending))
        self._show_kind()

    def set_encoding(self, name: str) -> None:
        """The encoding of new clients, in which the text must be writable."""
        self._profile = changed(self._profile, encoding=name)
        self._judge()

    def show_settings(self, profile: ServerProfile) -> None:
        """Rules were put to work elsewhere."""
        if profile.reply_mode == "rules" != self._profile.reply_mode:
            self.show_profile(profile)

    @property
    def _kind(self) -> str:
        return str(self.kind.currentData())

    def _on_kind(self) -> None:
        self._tell_text()
        self._tell("reply_mode", self._kind if self.check.isChecked() else "off")
        self._show_kind()

    def _tell_text(self) -> None:
        self._pause.stop()
        if self._shown:
            self._tell(self._shown, self.text.text())

    def _tell(self, name: str, value: object) -> None:
        if getattr(self._profile, name) != value:
            self._profile = changed(self._profile, **{name: value})
            self.changed.emit(name, value)
        self._judge()

    def _show_kind(self) -> None:
        """Show what the kind needs, and nothing else."""
        self._shown = _FIELDS.get(self._kind, "")
        self.text.setVisible(bool(self._shown))
        self._reading.setVisible(self._kind == "text" and self.check.isChecked())
        self.rules.setVisible(self._kind == "rules")
        if self._shown:
            self.text.setText(getattr(self._profile, self._shown))
            self.text.setAccessibleName(tr(f"setup.{self._shown}_name"))
            self.text.setToolTip(tr(f"setup.{self._shown}_tip"))
        self._judge()

    def _judge(self) -> None:
        """Say under the field why it would not be sent."""
        wanted = self._profile.reply_mode in _FIELDS
        self.error.show_error(self._complaint() if wanted else "", self.text)

    def _complaint(self) -> str:
        from app.reply import reply_draft  # not for the first paint

        try:
            compose(*reply_draft(self._profile))
        except ComposeFault as fault:
            return reply_fault_sentence(fault)
        return ""

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.check.setText(tr("setup.reply"))
        self.rules.setText(tr("window.rules"))
        self.check.setToolTip(tr("setup.reply_tip"))
        for row, kind in enumerate(_KINDS):
            self.kind.setItemText(row, tr(f"setup.reply_{kind}"))
        self.kind.setAccessibleName(tr("setup.reply_kind"))
        self.kind.setToolTip(tr("setup.reply_kind_tip"))
        self.escapes.setText(tr("composer.escapes"))
        self.escapes.setToolTip(tr("setup.reply_escapes_tip"))
        self.line_ending.setItemText(0, tr("setup.reply_line_ending_none"))
        self.line_ending.setAccessibleName(tr("setup.reply_line_ending"))
        self.line_ending.setToolTip(tr("setup.reply_line_ending_tip"))
        self._show_kind()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._column.setSpacing(theme().px(4))
