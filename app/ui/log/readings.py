"""The same bytes in every encoding, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.ui.log.detail_text import Reading
from app.ui.theme import theme
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.worded import Worded
from app.wording import tr

_NAME = Qt.ItemDataRole.UserRole
_COLUMNS = ("detail_encoding", "detail_bad", "detail_as_text")


class ReadingList(Worded, QTreeWidget):
    """Choosing a line asks for the text in that encoding."""

    chosen = Signal(str)  # an Encoding's name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(len(_COLUMNS))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        header = self.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(True)
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(self._on_current)
        self.dress()

    def show_readings(self, readings: Sequence[Reading], own: str) -> None:
        """Show these; `own` is the encoding in which the log shows them, and is chosen."""
        self.blockSignals(True)
        self.clear()
        for reading in readings:
            item = QTreeWidgetItem(self, [reading.label, _count(reading.bad_bytes), reading.text])
            item.setData(0, _NAME, reading.name)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setFont(2, theme().mono_font())
            item.setToolTip(2, plain_tooltip(reading.text))
            if reading.bad_bytes:
                item.setForeground(1, theme().colour("warning"))
            if reading.name == own:
                bold = item.font(0)
                bold.setBold(True)
                item.setFont(0, bold)
                item.setToolTip(0, tr("log.detail_own"))
                self.setCurrentItem(item)
        self.blockSignals(False)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(0, _NAME))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setHeaderLabels([tr(f"log.{name}") for name in _COLUMNS])
        self.setAccessibleName(tr("log.detail_encodings"))


def _count(bad_bytes: int) -> str:
    return str(bad_bytes) if bad_bytes else "–"
