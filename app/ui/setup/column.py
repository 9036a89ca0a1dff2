"""The settings column: what the server is opened with, and what new clients get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.bridge.controller import ServerState
from app.net.facts import ListenError, ListenFault
from app.settings import MIB
from app.text.encodings import ENCODINGS
from app.ui.setup.fields import ChoiceField, Field, NumberField
from app.ui.setup.host_field import HostField
from app.ui.setup.reply_group import ReplyGroup
from app.ui.theme import set_role, theme
from app.ui.widgets import HeadingLabel
from app.wording import tr
from app.wording.sentences import listen_error_sentence

if TYPE_CHECKING:
    from app.settings import Settings

_HOST_FAULTS = (ListenFault.NOT_LOCAL, ListenFault.BAD_HOST)


class SetupColumn(QScrollArea):
    """Fields in groups; it tells each change and never opens anything itself. GUI thread."""

    setting_changed = Signal(str, object)
    open_clicked = Signal()
    close_clicked = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ServerState.CLOSED
        self._headings: dict[str, HeadingLabel] = {}
        self._make_fields(settings)
        self._lay_out()
        for field in self._fields:
            field.changed.connect(self.setting_changed)
        self.reply.changed.connect(self.setting_changed)
        self._follow.toggled.connect(lambda on: self.setting_changed.emit("follow_tail", on))
        self._button.clicked.connect(self._on_button)
        self._more.toggled.connect(self._show_advanced)
        theme().changed.connect(self._restyle)
        self.retranslate()
        self._restyle()

    def _make_fields(self, settings: Settings) -> None:
        protocol = QLineEdit("TCP Server")
        protocol.setReadOnly(True)
        protocol.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._protocol = Field("protocol", protocol)
        self.host = HostField(settings.host)
        self.port = NumberField("port", settings)
        encodings = [(encoding.name, encoding.label) for encoding in ENCODINGS]
        self.encoding = ChoiceField("encoding", encodings, settings.encoding)
        self.recv_size = NumberField("recv_size_bytes", settings)
        self.advanced = [
            NumberField("backlog", settings),
            NumberField("max_clients", settings),
            NumberField("outbox_limit_bytes", settings, MIB),
            NumberField("journal_limit_bytes", settings, MIB),
        ]
        self._fields = [
            self._protocol, self.host, self.port, self.encoding, self.recv_size, *self.advanced,
        ]  # fmt: skip
        self.reply = ReplyGroup(settings)
        self._follow = QCheckBox()
        self._follow.setChecked(settings.follow_tail)
        self._button = QPushButton()
        self._button.setMinimumHeight(theme().px(36))
        self._more = QToolButton()
        self._more.setCheckable(True)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 8, 10, 12)
        column.setSpacing(theme().px(8))
        for name, widgets in (
            ("network", [self._protocol, self.host, self.port, self._button]),
            ("new_clients", [self.encoding, self.recv_size, self.reply]),
            ("log", [self._follow]),
        ):
            heading = self._headings[name] = HeadingLabel()
            column.addWidget(heading)
            for widget in widgets:
                column.addWidget(widget)
            column.addSpacing(theme().px(8))
        column.addWidget(self._more)
        for field in self.advanced:
            column.addWidget(field)
            field.hide()
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # -- what the window tells -------------------------------------------------------------

    def set_state(self, state: ServerState) -> None:
        """Lock the network fields while the port is open, and turn the button round."""
        self._state = state
        closed = state is ServerState.CLOSED
        for field in (self.host, self.port, self.advanced[0]):
            field.editor.setEnabled(closed)
        self._button.setEnabled(state is not ServerState.CLOSING)
        if not closed:
            self.host.show_error("")
            self.port.show_error("")
        self._show_button()

    def show_listen_error(self, error: ListenError) -> None:
        """Say under the field that is to blame why the port could not be opened."""
        field = self.host if error.fault in _HOST_FAULTS else self.port
        field.show_error(listen_error_sentence(error))
        self.ensureWidgetVisible(field.error)
        field.editor.setFocus()

    def error_text(self) -> str:
        """What stands under the network fields; "" if nothing is wrong."""
        return self.host.error.text() or self.port.error.text()

    def commit_fields(self) -> bool:
        """Take what is typed and not yet taken; False if something does not fit."""
        numbers = [self.port, self.recv_size, *self.advanced]
        # All are asked, so that every wrong field says so at once.
        taken = [self.host.commit(), *(field.commit() for field in numbers)]
        return all(taken)

    def set_follow(self, on: bool) -> None:
        """The log began or stopped to follow its tail."""
        self._follow.setChecked(on)

    # -- looks -----------------------------------------------------------------------------

    def _on_button(self) -> None:
        if self._state is ServerState.OPEN:
            self.close_clicked.emit()
        else:
            self.open_clicked.emit()

    def _show_advanced(self, on: bool) -> None:
        for field in self.advanced:
            field.setVisible(on)
        self._more.setIcon(theme().icon("chevron-down" if on else "chevron-right"))

    def _show_button(self) -> None:
        is_open = self._state is not ServerState.CLOSED
        set_role(self._button, "danger" if is_open else "primary")
        token = "on_danger" if is_open else "on_accent"
        self._button.setIcon(theme().icon("stop" if is_open else "play", token))
        self._button.setText(tr(f"setup.button_{self._state.name.lower()}"))
        self._button.setToolTip(tr(f"setup.button_{'close' if is_open else 'open'}_tip"))

    def _restyle(self) -> None:
        self.setMinimumWidth(theme().px(200))
        self.setMaximumWidth(theme().px(330))
        self._show_advanced(self._more.isChecked())
        self._show_button()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, heading in self._headings.items():
            heading.setText(tr(f"setup.group_{name}"))
        for field in self._fields:
            field.retranslate()
        self.reply.retranslate()
        self._follow.setText(tr("setup.follow_tail"))
        self._follow.setToolTip(tr("setup.follow_tail_tip"))
        self._more.setText(tr("setup.advanced"))
        self._show_button()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
