"""Which address to listen on: every local one with its interface, found when it is looked at."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QComboBox

from app.ui.setup.fields import Field
from app.wording import tr

WILDCARDS = ("0.0.0.0", "::", "*")


class HostField(Field):
    """The local address. An address of another kind may be typed: the system judges it."""

    def __init__(self, host: str) -> None:
        self._box = QComboBox()
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._box.setMinimumContentsLength(8)
        super().__init__("host", self._box)
        self._host = host
        self._box.activated.connect(self.commit)
        line = self._box.lineEdit()
        assert line is not None
        line.editingFinished.connect(self.commit)
        line.textEdited.connect(lambda: self.show_error(""))
        # The list changes while the program runs (a cable, a VPN): it is made at every opening.
        self._box.installEventFilter(self)
        self._fill(())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at this machine's addresses before the list is opened, by mouse or key."""
        if watched is self._box and event.type() in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.KeyPress,
        ):
            self.refresh()
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Fill the list with the addresses of now."""
        from app.net.addresses import local_addresses

        self._fill(tuple((a.host, f"{a.host} ({a.interface})") for a in local_addresses()))

    def _fill(self, addresses: tuple[tuple[str, str], ...]) -> None:
        self._box.blockSignals(True)
        self._box.clear()
        for host in WILDCARDS:
            self._box.addItem(tr(f"setup.host_{_KEYS[host]}"), host)
        for host, text in addresses:
            self._box.addItem(text, host)
        at = self._box.findData(self._host)
        if at < 0:
            self._box.addItem(self._host, self._host)
            at = self._box.count() - 1
        self._box.setCurrentIndex(at)
        self._box.blockSignals(False)

    def commit(self) -> bool:
        """Take what is shown: an entry of the list, or what was typed."""
        text = self._box.currentText().strip()
        at = self._box.findText(text)
        host = str(self._box.itemData(at)) if at >= 0 else text
        if not host:
            self.show_error(tr("setup.no_host"))
            return False
        if host != self._host:
            self._host = host
            self.show_error("")
            self.changed.emit("host", host)
        return True

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        for at, host in enumerate(WILDCARDS):
            self._box.setItemText(at, tr(f"setup.host_{_KEYS[host]}"))


_KEYS = {"0.0.0.0": "all_v4", "::": "all_v6", "*": "all"}
