"""A field of the column: label, editor, tip, and one sentence under it when it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from app.settings import BadSetting, checked
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr

if TYPE_CHECKING:
    from app.settings import Settings


class Field(QWidget):
    """A labelled editor of one setting."""

    changed = Signal(str, object)  # the setting's name, a value that fits it

    def __init__(self, name: str, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.editor = editor
        self.error = FieldError(self)
        self._label = PlainLabel("", self, role="secondary")
        self._label.setBuddy(editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(3))
        column.addWidget(self._label)
        column.addWidget(editor)
        column.addWidget(self.error)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with it; "" says nothing."""
        self.error.show_error(sentence, self.editor)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._label.setText(tr(f"setup.{self.name}"))
        self.editor.setAccessibleName(tr(f"setup.{self.name}"))
        self.editor.setToolTip(tr(f"setup.{self.name}_tip"))


class NumberField(Field):
    """A whole number, checked against its setting's range when the user leaves it."""

    def __init__(
        self, name: str, settings: Settings, unit: int = 1, parent: QWidget | None = None
    ) -> None:
        """The setting counts in `unit`s of what is shown: 1,048,576 for MiB of bytes."""
        self._line = QLineEdit(str(getattr(settings, name) // unit))
        super().__init__(name, self._line, parent)
        self._unit = unit
        self._kept = self._line.text()
        self._line.editingFinished.connect(self.commit)
        self._line.textEdited.connect(lambda: self.show_error(""))

    def commit(self) -> bool:
        """Take what was typed, or say why it cannot be taken; it stays as it was typed."""
        text = self._line.text().strip()
        try:
            value = checked(self.name, int(text) * self._unit)
        except (BadSetting, ValueError):
            low, high = limits_of(self.name)
            sentence = tr(
                "setup.bad_number", text=text, low=-(-low // self._unit), high=high // self._unit
            )
            self.show_error(sentence)
            return False
        self.show_error("")
        if text != self._kept:
            self._kept = text
            self.changed.emit(self.name, value)
        return True


class ChoiceField(Field):
    """One of a few values."""

    def __init__(
        self, name: str, options: list[tuple[str, str]], value: str, parent: QWidget | None = None
    ) -> None:
        """`options`: (value, text)."""
        self._box = QComboBox()
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._box.setMinimumContentsLength(8)
        for option, text in options:
            self._box.addItem(text, option)
        self._box.setCurrentIndex(max(self._box.findData(value), 0))
        super().__init__(name, self._box, parent)
        self._box.activated.connect(
            lambda: self.changed.emit(self.name, str(self._box.currentData()))
        )


def limits_of(name: str) -> tuple[int, int]:
    """The range of a number setting."""
    from dataclasses import fields

    from app.settings import Settings

    limits: tuple[int, int] = next(f for f in fields(Settings) if f.name == name).metadata["range"]
    return limits
