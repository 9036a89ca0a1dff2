"""A field of the column: label, editor, tip, and one sentence under it when it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from app.settings import BadSetting, Settings, checked, value_of
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr
from app.wording.numbers import number_complaint

if TYPE_CHECKING:
    from collections.abc import Sequence


class Field(QWidget):
    """A labelled editor of one setting. Its words are `setup.<name>` and `setup.<name>_tip`."""

    changed = Signal(str, object)  # the setting's name, a value that fits it

    def __init__(self, name: str, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.editor = editor
        self.error = FieldError(self)
        self._label = PlainLabel("", self, role="secondary")
        self._label.setBuddy(editor)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._label)
        self._column.addWidget(editor)
        self._column.addWidget(self.error)
        theme().changed.connect(self.restyle)
        self.restyle()

    def commit(self) -> bool:
        """Take what is typed and not yet taken; False if it does not fit."""
        return True

    def show_value(self, value: Any) -> None:
        """The setting has this value now, whoever changed it."""

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with it; "" says nothing."""
        self.error.show_error(sentence, self.editor)
        self.editor.setAccessibleDescription(sentence)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        label = tr(f"setup.{self.name}")
        self._label.setText(label)
        self.editor.setAccessibleName(label.replace("&", ""))
        self.editor.setToolTip(tr(f"setup.{self.name}_tip"))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._column.setSpacing(theme().px(3))


class NumberField(Field):
    """A whole number, checked against its setting's range when the user leaves it."""

    def __init__(
        self, name: str, settings: Settings, unit: int = 1, parent: QWidget | None = None
    ) -> None:
        """The setting counts in `unit`s of what is shown: 1,048,576 for MiB of bytes."""
        self._line = QLineEdit()
        super().__init__(name, self._line, parent)
        self._unit = unit
        self._kept = ""
        self.show_value(value_of(settings, name))
        self._line.editingFinished.connect(self.commit)
        self._line.textEdited.connect(lambda: self.show_error(""))

    def commit(self) -> bool:
        """Take what was typed, or say why it cannot be taken; it stays as it was typed."""
        text = self._line.text().strip()
        if text == self._kept:  # perhaps no whole number of units: nobody asked to round it
            return True
        try:
            number = int(text)
            value = checked(self.name, number * self._unit)
        except (BadSetting, ValueError):
            self.show_error(number_complaint(self.name, text, self._unit))
            return False
        self.show_error("")
        self._kept = str(number)
        self._line.setText(self._kept)  # 8080 for ０８０８０
        self.changed.emit(self.name, value)
        return True

    def show_value(self, value: Any) -> None:
        """The setting has this value now, whoever changed it."""
        whole, rest = divmod(value, self._unit)
        number = f"{value / self._unit:.3f}" if rest else str(whole)
        if number != self._kept:
            self._kept = number
            self._line.setText(number)
            self.show_error("")


class ChoiceField(Field):
    """One of a few values."""

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str]],
        value: str,
        parent: QWidget | None = None,
    ) -> None:
        """`options`: (value, text)."""
        self._box = SteadyCombo()
        for option, text in options:
            self._box.addItem(text, option)
        self._box.setCurrentIndex(max(self._box.findData(value), 0))
        super().__init__(name, self._box, parent)
        self._box.activated.connect(
            lambda: self.changed.emit(self.name, str(self._box.currentData()))
        )

    def show_value(self, value: Any) -> None:
        """The setting has this value now, whoever changed it."""
        self._box.setCurrentIndex(max(self._box.findData(value), 0))

    @property
    def value(self) -> object:
        """The value that is chosen."""
        return self._box.currentData()

    def rename_options(self, texts: Sequence[str]) -> None:
        """Call the options so, in their order."""
        for row, text in enumerate(texts):
            self._box.setItemText(row, text)


class TextField(Field):
    """A text, checked and taken when the user leaves it."""

    def __init__(self, name: str, settings: Settings, parent: QWidget | None = None) -> None:
        self._line = QLineEdit(value_of(settings, name))
        super().__init__(name, self._line, parent)
        self._kept = self._line.text()
        self._line.editingFinished.connect(self.commit)
        self._line.textEdited.connect(lambda: self.show_error(""))

    def commit(self) -> bool:
        """Take what was typed, or say why it cannot be taken; it stays as it was typed."""
        text = self._line.text().strip()
        if text == self._kept:
            return True
        try:
            value = checked(self.name, text)
        except BadSetting:
            self.show_error(self.complaint(text))
            return False
        self.show_error("")
        self._kept = text
        self.changed.emit(self.name, value)
        return True

    def complaint(self, text: str) -> str:
        """Say why a text cannot be taken: any can, where nothing else is said."""
        return text

    def show_value(self, value: Any) -> None:
        """The setting has this value now, whoever changed it."""
        if value != self._kept:
            self._kept = value
            self._line.setText(value)
            self.show_error("")


class SwitchField(Field):
    """On or off: the words stand beside the box."""

    def __init__(self, name: str, settings: Settings, parent: QWidget | None = None) -> None:
        self._box = QCheckBox()
        self._box.setChecked(value_of(settings, name))
        super().__init__(name, self._box, parent)
        self._label.hide()
        self._box.clicked.connect(lambda on: self.changed.emit(self.name, on))

    def show_value(self, value: Any) -> None:
        """The setting has this value now, whoever changed it."""
        self._box.setChecked(value)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        self._box.setText(tr(f"setup.{self.name}"))
