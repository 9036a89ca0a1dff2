"""How much recv is asked for: four sizes to choose from, any other can be typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from app.settings import BadSetting, checked
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording.numbers import number_complaint

SIZES = (1, 3, 16, 1024)
_NAME = "recv_size_bytes"


class RecvSizeBox(Worded, QComboBox):
    """Tells each size that fits, and says what does not. GUI thread."""

    changed = Signal(int)  # bytes, by the user
    refused = Signal(str)  # one sentence; "": nothing is wrong any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(QCompleter(self))  # one that completes nothing: 1 is not 1024
        self.addItems([str(size) for size in SIZES])
        self.activated.connect(lambda _index: self._take())
        edit = self.lineEdit()
        assert edit is not None
        edit.editingFinished.connect(self._take)
        self._shown = 0
        self._is_refused = False
        self.dress()

    def show_size(self, size_bytes: int) -> None:
        """Show what is in force, telling nobody."""
        if size_bytes != self._shown:
            self._accept()
            self._shown = size_bytes
            self.setCurrentIndex(self.findText(str(size_bytes)))
            self.setEditText(str(size_bytes))

    def _take(self) -> None:
        text = self.currentText().strip()
        try:
            size: int = checked(_NAME, int(text))
        except (BadSetting, ValueError):
            self._is_refused = True
            self.refused.emit(number_complaint(_NAME, text))
            return
        self._accept()
        if size != self._shown:
            self.show_size(size)
            self.changed.emit(size)

    def _accept(self) -> None:
        """What was typed, and was wrong, is not there any more."""
        self._is_refused = False
        self.refused.emit("")

    def changeEvent(self, event: QEvent) -> None:
        """What is wrong is said in the new language."""
        if event.type() == QEvent.Type.LanguageChange and self._is_refused:
            self._take()
        super().changeEvent(event)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        digits = self.fontMetrics().horizontalAdvance("1048576")
        self.setFixedWidth(digits + theme().px(38))
