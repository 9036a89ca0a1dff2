"""Which address to listen on: every local one with its interface, found when it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.setup.controls import SteadyCombo
from app.ui.setup.fields import Field
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.net.addresses import LocalAddress

_WILDCARDS = {"0.0.0.0": "all_v4", "::": "all_v6", "*": "all"}  # host -> its words


class AddressCombo(SteadyCombo):
    """A list that is made at each opening: a cable or a VPN changes it while the program runs."""

    def __init__(self, fill: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill = fill
        self.setEditable(True)
        self.setInsertPolicy(SteadyCombo.InsertPolicy.NoInsert)
        # A completion would turn a typed 10.0.0.1 into 10.0.0.17 without a word.
        self.setCompleter(None)  # type: ignore[arg-type]

    def showPopup(self) -> None:
        """Open the list of the addresses of now."""
        self._fill()
        super().showPopup()


class HostField(Field):
    """The local address. Another one than those of the list may be typed: the system judges it."""

    def __init__(
        self,
        host: str,
        list_addresses: Callable[[], Sequence[LocalAddress]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`list_addresses` is asked at each opening of the list; by default, the system."""
        self._box = AddressCombo(self._refresh)
        super().__init__("host", self._box, parent)
        self._list_addresses = list_addresses or _ask_the_system
        self._host = host
        self._addresses: Sequence[LocalAddress] = ()
        line = self._box.lineEdit()
        assert line is not None
        self._line: QLineEdit = line
        self._box.activated.connect(self._on_activated)
        line.editingFinished.connect(self.commit)
        line.textEdited.connect(lambda: self.show_error(""))
        self._fill()
        self._show_host()

    def commit(self) -> bool:
        """Take what is shown: an entry of the list, or what was typed."""
        text = self._box.currentText().strip()
        row = self._box.findText(text)
        host = str(self._box.itemData(row)) if row >= 0 else text
        if not host:
            self.show_error(tr("setup.no_host"))
            return False
        self._take(host)
        return True

    def show_value(self, value: str) -> None:
        """The setting has this value now, whoever changed it."""
        if value != self._host:
            self._host = value
            self._show_host()

    def _on_activated(self, row: int) -> None:
        self._take(str(self._box.itemData(row)))

    def _take(self, host: str) -> None:
        changed, self._host = host != self._host, host
        self.show_error("")
        self._show_host()
        if changed:
            self.changed.emit("host", host)

    def _refresh(self) -> None:
        """Look at the machine's addresses again; what is being typed stays."""
        typed = self._line.text()
        self._addresses = self._list_addresses()
        self._fill()
        self._show_host()
        if self._line.text() != typed:
            self._line.setText(typed)

    def _fill(self) -> None:
        with QSignalBlocker(self._box):
            self._box.clear()
            for host, words in _WILDCARDS.items():
                self._box.addItem(tr(f"setup.host_{words}"), host)
            for address in self._addresses:
                text = tr("setup.host_local", host=address.host, interface=address.interface)
                self._box.addItem(text, address.host)

    def _show_host(self) -> None:
        with QSignalBlocker(self._box):
            row = self._box.findData(self._host)
            self._box.setCurrentIndex(row)
            self._box.setEditText(self._box.itemText(row) if row >= 0 else self._host)
        self._line.setCursorPosition(0)

    def retranslate(self) -> None:
        """Fetch the words of the current language; what is being typed stays."""
        super().retranslate()
        typed = self._line.text()
        is_typed = self._box.findText(typed) < 0
        self._fill()
        self._show_host()
        if is_typed:
            self._line.setText(typed)


def _ask_the_system() -> Sequence[LocalAddress]:
    from app.net.addresses import local_addresses  # psutil: not before a list is opened

    return local_addresses()
