"""An empty state: what to do next, in the place where the result will appear."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.widgets.labels import PlainLabel


class EmptyState(QWidget):
    """An icon, a line, an explanation, and below them whatever `add_widget` was given."""

    def __init__(self, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel(self)
        self._title = PlainLabel("", self, role="title")
        self._text = PlainLabel("", self, role="secondary")
        self._column = QVBoxLayout(self)
        self._column.addStretch(2)
        for label in (self._icon, self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
            self._column.addWidget(label)
        for label in (self._title, self._text):
            label.setWordWrap(True)
        self._column.addStretch(3)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_words(self, title: str, text: str = "") -> None:
        """Say `title` in large type and `text` below it."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())

    def set_icon(self, name: str) -> None:
        """Show icon `name` above the words."""
        self._icon_name = name
        self._restyle()

    def add_widget(self, widget: QWidget) -> None:
        """Add `widget` in the middle, below what is there."""
        self._column.insertWidget(self._column.count() - 1, widget, 0, _MIDDLE)

    def _restyle(self) -> None:
        px = theme().px
        self._column.setSpacing(px(8))
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        self._icon.setVisible(bool(self._icon_name))
        if self._icon_name:
            side = px(40)
            icon = theme().icon(self._icon_name, "secondary")
            self._icon.setPixmap(icon.pixmap(QSize(side, side), self.devicePixelRatio()))


_MIDDLE = Qt.AlignmentFlag.AlignHCenter
