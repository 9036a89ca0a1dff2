"""The settings column: what the server is opened with, and what new clients get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.bridge.controller import ServerState
from app.net.facts import ListenError, ListenFault
from app.net.kinds import KINDS, abilities
from app.settings import MIB, value_of
from app.text.encodings import ENCODINGS
from app.ui.setup.controls import FoldHeading
from app.ui.setup.entry_rules import EntryRules
from app.ui.setup.fields import ChoiceField, Field, NumberField, SwitchField, TextField
from app.ui.setup.host_field import HostField
from app.ui.setup.kind_fields import KindFields
from app.ui.setup.reply_group import ReplyGroup
from app.ui.setup.server_list import ServerList
from app.ui.theme import set_role, theme
from app.ui.widgets import HeadingLabel
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import listen_error_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.bridge.post import Post
    from app.settings import Settings
    from app.ui.actions import Actions

_OPENED_WITH = ("backlog", "proxy_protocol")  # locked while the port is open, as the network is
_HOST_FAULTS = (ListenFault.NOT_LOCAL, ListenFault.BAD_HOST, ListenFault.NO_ZONE)


class SetupColumn(Worded, QScrollArea):
    """Fields in groups; it tells each change and never opens anything itself. GUI thread."""

    setting_changed = Signal(str, object)  # the name of a Settings field, a value that fits it
    open_clicked = Signal()
    close_clicked = Signal()
    complained = Signal()  # something in it is wrong, and it says so there

    @property
    def complaint(self) -> str:
        """What stands under the first field that is wrong; "" if nothing is."""
        wrong = (f.error.text() for f in self._fields if f.error.text())
        return next(wrong, "")

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ServerState.CLOSED
        self._headings: dict[str, HeadingLabel] = {}
        self._make_fields(settings)
        self._make_controls(settings)
        self._lay_out()
        for field in self._fields:
            field.changed.connect(self.setting_changed)
        self.encoding.changed.connect(lambda _, name: self.reply.set_encoding(name))
        self.reply.changed.connect(self.setting_changed)
        self.dress()

    # -- building --------------------------------------------------------------------------

    def _make_fields(self, settings: Settings) -> None:
        self.servers = ServerList()
        self.server_name = TextField("name", settings)
        self.kind = ChoiceField("kind", [(kind, "") for kind in KINDS], settings.server.kind)
        self.kind_fields = KindFields(settings)
        self.host = HostField(settings.server.host)
        self.port = NumberField("port", settings)
        encodings = [(encoding.name, encoding.label) for encoding in ENCODINGS]
        self.encoding = ChoiceField("encoding", encodings, settings.server.encoding)
        self.recv_size = NumberField("recv_size_bytes", settings)
        self.advanced = [
            NumberField("backlog", settings),
            NumberField("max_clients", settings),
            NumberField("outbox_limit_bytes", settings, MIB),
            NumberField("journal_limit_bytes", settings, MIB),
            NumberField("half_closed_s", settings),
            SwitchField("proxy_protocol", settings),
        ]
        self._network: Sequence[Field] = (self.server_name, self.kind, self.host, self.port)
        self._fields: Sequence[Field] = (
            *self._network, *self.kind_fields.fields, self.encoding, self.recv_size,
            *self.advanced,
        )  # fmt: skip
        self._profile = settings.server

    def _make_controls(self, settings: Settings) -> None:
        self.button = QPushButton()
        self.button.setProperty("size", "big")
        self.button.clicked.connect(self._on_button)
        self.reply = ReplyGroup(settings.server)
        self.follow = QCheckBox()
        self.follow.setChecked(settings.follow_tail)
        self.follow.clicked.connect(lambda on: self.setting_changed.emit("follow_tail", on))
        self.entry_rules = EntryRules(settings)
        self.entry_rules.changed.connect(self.setting_changed)
        self.add = QToolButton()
        self.add.setAutoRaise(True)
        self.servers.rename_requested.connect(self._rename)
        self.more = FoldHeading()
        self.more.toggled.connect(self._show_advanced)

    def _lay_out(self) -> None:
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        groups: dict[str, Sequence[QWidget]] = {
            "network": (*self._network, self.kind_fields, self.button),
            "new_clients": (self.encoding, self.recv_size, self.reply),
            "log": (self.follow,),
        }
        self._column.addWidget(self.servers)
        for name, widgets in groups.items():
            self._headings[name] = HeadingLabel()
            row = QHBoxLayout()
            row.addWidget(self._headings[name], 1)
            if name == "network":
                row.addWidget(self.add)
            self._column.addLayout(row)
            for widget in widgets:
                self._column.addWidget(widget)
            self._column.addSpacing(theme().px(8))
        self._column.addWidget(self.more)
        for field in self.advanced:
            self._column.addWidget(field)
            field.hide()
        self._column.addWidget(self.entry_rules)
        self._column.addStretch(1)
        self.servers.hide()  # until there are several
        self.server_name.hide()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # -- what the window tells -------------------------------------------------------------

    def set_state(self, state: ServerState) -> None:
        """Lock the network fields while the port is open, and turn the button round."""
        self._state = state
        closed = state is ServerState.CLOSED
        opened_with = [field for field in self.advanced if field.name in _OPENED_WITH]
        for field in (self.kind, self.host, self.port, *opened_with):
            field.editor.setEnabled(closed)
        self.kind_fields.lock(not closed)
        self.button.setEnabled(state is not ServerState.CLOSING)
        if not closed:
            for field in (*self._network, *self.kind_fields.fields):
                field.show_error("")
        self._show_button()

    def show_listen_error(self, error: ListenError) -> None:
        """Say under the field that is to blame why the port could not be opened."""
        field = self._to_blame(error)
        field.show_error(listen_error_sentence(error))
        field.editor.setFocus()
        self._bring_into_view(field)
        self.complained.emit()

    def explain_listen_error(self, error: ListenError) -> None:
        """Say who is in the way: found out a moment later, while the user may be elsewhere."""
        self._to_blame(error).show_error(listen_error_sentence(error))
        self.complained.emit()

    def _to_blame(self, error: ListenError) -> Field:
        own = self.host if error.fault in _HOST_FAULTS else self.port
        return self.kind_fields.to_blame(error) or own

    def commit_fields(self) -> bool:
        """Take what is typed and not yet taken; False if something does not fit."""
        self.reply.commit()
        fields = (*self._fields, *self.entry_rules.fields)
        # All are asked, so that every wrong field says so at once.
        wrong = [field for field in fields if not field.commit()]
        if wrong:
            self.more.setChecked(self.more.isChecked() or wrong[0] in self.advanced)
            if wrong[0] in self.entry_rules.fields:
                self.entry_rules.fold.setChecked(True)
            wrong[0].editor.setFocus()
            self._bring_into_view(wrong[0])
            self.complained.emit()
        return not wrong

    def set_follow(self, on: bool) -> None:
        """The log began or stopped to follow its tail."""
        self.follow.setChecked(on)

    def show_settings(self, settings: Settings) -> None:
        """Show those that are changed elsewhere too; of another server, all of them."""
        self.set_follow(settings.follow_tail)
        profile = settings.server
        other, self._profile = profile.server_id != self._profile.server_id, profile
        for field in self._fields:
            if other:
                field.show_error("")
            if other or field in (self.recv_size, self.server_name, self.kind):
                field.show_value(value_of(settings, field.name))
        if other:
            self.reply.show_profile(profile)
        self._show_kind()
        self.entry_rules.show_settings(settings)
        self.reply.show_settings(settings.server)

    def _show_kind(self) -> None:
        can = abilities(self._profile.kind)
        self.kind_fields.show_profile(self._profile)
        self.reply.setVisible(can.may_answer)
        needed = {
            "backlog": can.has_backlog,
            "half_closed_s": can.half_closes,
            "proxy_protocol": can.accepts,
        }
        for field in self.advanced:
            field.setVisible(self.more.isChecked() and needed.get(field.name, True))

    def show_servers(self, posts: Collection[Post], selected_id: int) -> None:
        """Show the list, if there are several: one alone needs none, and no name."""
        several = len(posts) > 1
        self.servers.setVisible(several)
        self.server_name.setVisible(several)
        self.add.setVisible(not several)
        self.servers.show_posts(posts, selected_id)

    def take_commands(self, commands: Actions) -> None:
        """Offer the way to a second server, and what is done with the list."""
        self.add.setDefaultAction(commands["add_server"])
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.servers.take_commands(commands)

    def _rename(self) -> None:
        self.server_name.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)  # selects the name
        self._bring_into_view(self.server_name)

    def _bring_into_view(self, field: Field) -> None:
        # Later: what was shown just now has no room yet.
        QTimer.singleShot(0, field, lambda: self.ensureWidgetVisible(field))

    # -- looks -----------------------------------------------------------------------------

    def _on_button(self) -> None:
        if self._state is ServerState.OPEN:
            self.close_clicked.emit()
        else:
            self.open_clicked.emit()

    def _show_advanced(self, on: bool) -> None:
        self._show_kind()
        if on:
            self._bring_into_view(self.advanced[-1])

    def _show_button(self) -> None:
        is_open = self._state is not ServerState.CLOSED
        set_role(self.button, "danger" if is_open else "primary")
        token = "on_danger" if is_open else "on_accent"
        self.button.setIcon(theme().icon("stop" if is_open else "play", token))
        self.button.setText(tr(f"setup.button_{self._state.name.lower()}"))
        self.button.setToolTip(tr(f"setup.button_{'close' if is_open else 'open'}_tip"))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self.setMinimumWidth(px(200))
        self.setMaximumWidth(px(330))
        self._column.setContentsMargins(px(12), px(8), px(12), px(12))
        self._column.setSpacing(px(8))
        self.kind_fields.restyle()
        self.button.setIconSize(QSize(px(18), px(18)))
        self._show_button()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("setup.column"))
        for name, heading in self._headings.items():
            heading.setText(tr(f"setup.group_{name}"))
        for field in self._fields:
            field.retranslate()
        self.kind.rename_options([tr(f"servers.protocol_{kind}") for kind in KINDS])
        self.reply.retranslate()
        self.follow.setText(tr("setup.follow_tail"))
        self.follow.setToolTip(tr("setup.follow_tail_tip"))
        self.more.setText(tr("setup.advanced"))
        self._show_button()
