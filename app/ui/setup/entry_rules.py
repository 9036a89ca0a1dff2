"""Who may connect: folded, and its fields made when they are first looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.settings import Settings, value_of
from app.ui.setup.controls import FoldHeading
from app.ui.setup.fields import NumberField, TextField
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = ("clients_per_address", "connections_per_s", "first_byte_limit_s", "idle_limit_s")


class NetworksField(TextField):
    """Addresses and networks, checked when the user leaves it; empty: everybody."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("allowed", settings, parent)

    def complaint(self, text: str) -> str:
        """Name the first that is no address and no network."""
        return tr("setup.bad_networks", text=_first_wrong(text))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        self._line.setPlaceholderText(tr("setup.allowed_hint"))


def _first_wrong(text: str) -> str:
    from app.networks import BadAddress, read_networks

    try:
        read_networks(text)
    except BadAddress as error:
        return str(error)
    return text  # each is right: there are too many


class EntryRules(Worded, QWidget):
    """A fold with the rules about who may connect. GUI thread."""

    changed = Signal(str, object)  # the setting's name, a value that fits it

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.fields: Sequence[NetworksField | NumberField] = ()
        self.fold = FoldHeading()
        self.fold.toggled.connect(self._unfold)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.fold)
        self.dress()

    def show_settings(self, settings: Settings) -> None:
        """The settings are these now, or another server's are in view."""
        self._settings = settings
        for field in self.fields:
            field.show_value(value_of(settings, field.name))

    def _unfold(self, on: bool) -> None:
        if on and not self.fields:
            numbers = [NumberField(name, self._settings) for name in _NUMBERS]
            self.fields = [NetworksField(self._settings), *numbers]
            for field in self.fields:
                self._column.addWidget(field)
                field.retranslate()
                field.changed.connect(self.changed)
        for field in self.fields:
            field.setVisible(on)

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        self._column.setSpacing(theme().px(8))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.fold.setText(tr("setup.entry_rules"))
        self.fold.setToolTip(tr("setup.entry_rules_tip"))
        for field in self.fields:
            field.retranslate()
