"""The Send button: big, with its key on it; disabled it says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.composer.words import what_to_do
from app.ui.theme import set_role, theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.composer.target import Obstacle

_KEYS = ("Ctrl+Enter", "Ctrl+Return")  # the keypad's and the large one; the first is written


class SendButton(QPushButton):
    """The panel's one primary button; the panel gives it its words anew at a language change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "primary")
        self.setIcon(theme().icon("send", "on_accent"))
        # A click leaves the focus in the editor; Tab comes here.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._restyle)
        self._restyle()

    def listen_in(self, panel: QWidget, send: Callable[[], object]) -> None:
        """Call `send` at a click, and at Ctrl+Enter anywhere in `panel`.

        Also while disabled: a key must not do nothing without a word.
        """
        self.clicked.connect(lambda: send())
        for key in _KEYS:
            shortcut = QShortcut(QKeySequence(key), panel)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(send)

    def show_obstacle(self, obstacle: Obstacle | None, client_id: int | None) -> None:
        """Be enabled for None; else say why not. `client_id`: the one client that is meant."""
        self.setEnabled(obstacle is None)
        tip = what_to_do(obstacle, client_id) if obstacle else tr("composer.send_tip")
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        keys = QKeySequence(_KEYS[0]).toString(QKeySequence.SequenceFormat.NativeText)
        self.setText(f"{tr('composer.send')}\n{keys}")
        self.setAccessibleName(tr("composer.send"))

    def _restyle(self) -> None:
        px = theme().px
        self.setIconSize(QSize(px(18), px(18)))
        self.setMinimumWidth(px(124))
