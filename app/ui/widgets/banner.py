"""A banner: a strip across the window that says what has happened and offers what can be done."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from app.ui.theme import set_role, theme
from app.ui.widgets.labels import IconLabel, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr


class BannerKind(StrEnum):
    """How serious it is. The value is the icon's name and the colour's."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_ICON_TOKENS = {
    BannerKind.INFO: "link",
    BannerKind.WARNING: "warning",
    BannerKind.ERROR: "error",
}


class Banner(Worded, QFrame):
    """An icon, one sentence of plain text, buttons, and a way to close it. Hidden at first."""

    closed = Signal()
    """The user closed it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = BannerKind.INFO
        self._words: Callable[[], str] = str
        self._actions: list[tuple[QPushButton, Callable[[], str]]] = []
        self._icon = IconLabel(18, self)
        self._text = PlainLabel("", self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton(self)
        self._close.setIcon(theme().icon("close-x"))
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self._on_close)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._close)
        self.dress()
        self.hide()

    @property
    def kind(self) -> BannerKind:
        """How serious what it says is."""
        return self._kind

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def show_message(self, kind: str, words: Callable[[], str], *, closable: bool = True) -> None:
        """Say `words`, without actions. `closable=False`: it goes when its cause goes.

        They are asked for now and at each change of the language.
        """
        self._kind = BannerKind(kind)
        self._words = words
        self._close.setVisible(closable)
        self.clear_actions()
        self.restyle()
        self._say()
        self.show()

    def change_words(self, words: Callable[[], str]) -> None:
        """Say `words` from now on, beside the same actions."""
        self._words = words
        self.retranslate()

    def add_action(self, words: Callable[[], str], act: Callable[[], object]) -> QPushButton:
        """Add a button that calls `act`, right of the sentence; the banner stays open."""
        button = QPushButton(words(), self)
        set_role(button, "banner")
        button.clicked.connect(lambda: act())
        self._row.insertWidget(self._row.indexOf(self._close), button)
        self._actions.append((button, words))
        return button

    def clear_actions(self) -> None:
        """Remove all buttons of `add_action`."""
        for button, _ in self._actions:
            button.hide()
            button.deleteLater()
        self._actions.clear()

    def retranslate(self) -> None:
        """Fetch the words of the current language; hidden, it has none: their cause is gone."""
        if not self.isHidden():
            self._say()

    def _say(self) -> None:
        self._text.setText(self._words())
        for button, words in self._actions:
            button.setText(words())
        self._close.setToolTip(tr("common.dismiss"))
        self._close.setAccessibleName(tr("common.dismiss"))
        self._icon.setAccessibleName(tr(f"common.{self._kind}"))
        self.setAccessibleName(f"{tr(f'common.{self._kind}')}: {self._text.text()}")

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        set_role(self, f"banner-{self._kind}")
        self._icon.set_icon(self._kind, _ICON_TOKENS[self._kind])
        self._close.setIconSize(QSize(px(14), px(14)))
        self._row.setContentsMargins(px(12), px(6), px(6), px(6))
        self._row.setSpacing(px(8))
