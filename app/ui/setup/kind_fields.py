"""The settings that only some kinds of servers have, and where it is said what is wrong there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.net.facts import ListenError, ListenFault
from app.net.kinds import abilities, speaks_tls
from app.ui.setup.fields import Field, NumberField, SwitchField, TextField
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import ServerProfile, Settings

_FAULTS = {
    ListenFault.BAD_TARGET: "target",
    ListenFault.LOOP: "target",
    ListenFault.NO_CERTIFICATE: "cert_file",
    ListenFault.NOT_PEM: "cert_file",
    ListenFault.NOT_MADE: "cert_file",
    ListenFault.OTHER_KEY: "key_file",
    ListenFault.LOCKED_KEY: "key_file",
    ListenFault.NO_KEYLOG: "keylog_file",
    ListenFault.BAD_GROUP: "multicast",
}


def _has_target(profile: ServerProfile) -> bool:
    return abilities(profile.kind).has_target


def _has_peers(profile: ServerProfile) -> bool:
    return not abilities(profile.kind).accepts


class ProtocolsField(TextField):
    """Application protocols that TLS agrees to; empty: it is not answered."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("alpn", settings, parent)

    def complaint(self, text: str) -> str:
        """Say what a name of a protocol is."""
        return tr("setup.bad_alpn", text=text)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        self._line.setPlaceholderText(tr("setup.alpn_hint"))


class KindFields(QWidget):
    """Shows those that the kind of the selected server has a use for. GUI thread."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        wanted: dict[Field, Callable[[ServerProfile], bool]] = {
            TextField("target", settings): _has_target,
            SwitchField("target_tls", settings): _has_target,
            SwitchField("accepts_tls", settings): _has_target,
            TextField("cert_file", settings): speaks_tls,
            TextField("key_file", settings): speaks_tls,
            TextField("keylog_file", settings): speaks_tls,
            SwitchField("old_devices", settings): speaks_tls,
            ProtocolsField(settings): speaks_tls,
            NumberField("idle_s", settings): _has_peers,
            TextField("multicast", settings): _has_peers,
            SwitchField("broadcast", settings): _has_peers,
        }
        self._wanted = wanted
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for field in wanted:
            self._column.addWidget(field)
        self.fields: tuple[Field, ...] = tuple(wanted)
        self.show_profile(settings.server)

    def show_profile(self, profile: ServerProfile) -> None:
        """Show the fields that this server has a use for, and no others."""
        for field, wanted in self._wanted.items():
            field.setVisible(wanted(profile))
        self.setVisible(any(wanted(profile) for wanted in self._wanted.values()))

    def to_blame(self, error: ListenError) -> Field | None:
        """Return the field that keeps the port from being opened; None if it is none of these."""
        by_name = {field.name: field for field in self.fields}
        key = str(by_name["key_file"].editor.property("text"))
        if key and error.fault in _FAULTS and error.system_text.startswith(key):
            return by_name["key_file"]
        return by_name.get(_FAULTS.get(error.fault, ""))

    def lock(self, on: bool) -> None:
        """An open port was opened with these."""
        for field in self.fields:
            field.editor.setEnabled(not on)

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        self._column.setSpacing(theme().px(8))
