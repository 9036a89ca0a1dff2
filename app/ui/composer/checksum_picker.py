"""Which checksum is appended: none, a usual one, or one put together in a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.text.compose import Sealing

USUAL = (
    "crc16-modbus(0,-1) L @end",
    "crc16-xmodem(0,-1) B @end",
    "crc32-iso-hdlc(0,-1) B @end",
    "sum8(0,-1) @end",
    "xor8(0,-1) @end",
    "crc16-hj212(0,-1) B @end HEX",
)
_OTHER = "other"


class ChecksumPicker(Worded, QComboBox):
    """A choice of checksums, by their notation. GUI thread."""

    chosen = Signal()  # by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""  # the notation that holds
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.addItem("", "")
        for notation in USUAL:
            self.addItem(_short(notation), notation)
        self.addItem("", _OTHER)
        self.activated.connect(self._on_activated)
        self.dress()

    @property
    def seal(self) -> Sealing | None:
        """What holds; None: none is appended."""
        if not self._shown:
            return None
        from app.frames.seals import read_seal  # not for the first paint

        return read_seal(self._shown)

    def show_seal(self, seal: Sealing | None) -> None:
        """Show this one, without telling."""
        self._shown = "" if seal is None else str(seal)
        if self.findData(self._shown) < 0:
            self.insertItem(self.count() - 1, _short(self._shown), self._shown)
        self.setCurrentIndex(self.findData(self._shown))

    def _on_activated(self) -> None:
        if self.currentData() == _OTHER:
            self.setCurrentIndex(self.findData(self._shown))
            self.open_dialog()
        else:
            self._take(self.currentData())

    def open_dialog(self, data: bytes = b"") -> None:
        """Put one together, or look for the one that some bytes carry."""
        from app.ui.composer.checksum_dialog import ChecksumDialog

        dialog = ChecksumDialog(self._shown, data, self.window())
        dialog.taken.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, notation: str) -> None:
        from app.frames.seals import read_seal

        self.show_seal(read_seal(notation) if notation else None)
        self.chosen.emit()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setItemText(0, tr("checksum.none"))
        self.setItemText(self.count() - 1, tr("checksum.other"))
        self.setAccessibleName(tr("checksum.label").replace("&", ""))


def _short(notation: str) -> str:
    return notation.replace("(0,-1)", "").replace(" @end", "")
