"""An empty state: what to do next, in the place where the result will appear."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.widgets.labels import IconLabel, PlainLabel

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class EmptyState(QWidget):
    """An icon, a line, an explanation, and below them whatever `add_widget` was given."""

    def __init__(self, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(40, self)
        self._title = PlainLabel("", self, role="title")
        self._text = PlainLabel("", self, role="secondary")
        self._column = QVBoxLayout(self)
        self._column.addStretch(2)
        self._column.addWidget(self._icon, 0, _MIDDLE)
        for label in (self._title, self._text):
            label.setAlignment(_MIDDLE)
            label.setWordWrap(True)
            self._column.addWidget(label)
        self._column.addStretch(3)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.set_icon(icon)

    def set_words(self, title: str, text: str = "") -> None:
        """Say `title` in large type and `text` below it."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())

    def set_icon(self, name: str) -> None:
        """Show icon `name` above the words."""
        self._icon.set_icon(name, "secondary")

    def add_widget(self, widget: QWidget) -> None:
        """Add `widget` in the middle, below what is there."""
        self._column.insertWidget(self._column.count() - 1, widget, 0, _MIDDLE)

    def _restyle(self) -> None:
        px = theme().px
        self._column.setSpacing(px(8))
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
