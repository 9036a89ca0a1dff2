"""The settings that only some kinds of servers have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.net.kinds import Abilities, abilities
from app.ui.setup.fields import Field, NumberField, SwitchField, TextField
from app.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import Settings


class KindFields(QWidget):
    """Shows those that the kind of the selected server has a use for. GUI thread."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        wanted: dict[Field, Callable[[Abilities], bool]] = {
            TextField("target", settings): lambda can: can.has_target,
            SwitchField("target_tls", settings): lambda can: can.has_target,
            TextField("cert_file", settings): lambda can: can.has_tls,
            TextField("key_file", settings): lambda can: can.has_tls,
            TextField("keylog_file", settings): lambda can: can.has_tls,
            SwitchField("old_devices", settings): lambda can: can.has_tls,
            NumberField("idle_s", settings): lambda can: not can.accepts,
            TextField("multicast", settings): lambda can: not can.accepts,
        }
        self._wanted = wanted
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for field in wanted:
            self._column.addWidget(field)
        self.fields: tuple[Field, ...] = tuple(wanted)
        self.show_kind(settings.server.kind)

    def show_kind(self, kind: str) -> None:
        """Show the fields of this kind, and no others."""
        can = abilities(kind)
        for field, wanted in self._wanted.items():
            field.setVisible(wanted(can))
        self.setVisible(any(wanted(can) for wanted in self._wanted.values()))

    def lock(self, on: bool) -> None:
        """An open port was opened with these."""
        for field in self.fields:
            field.editor.setEnabled(not on)

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        self._column.setSpacing(theme().px(8))
