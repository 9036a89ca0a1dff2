"""The Send button: big, with its key on it; disabled it says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from app.ui.composer.words import what_to_do
from app.ui.theme import set_role, theme
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.composer.target import Obstacle

_KEYS = ("Ctrl+Enter", "Ctrl+Return")  # the keypad's and the large one; the first is written


class SendButton(Worded, QPushButton):
    """The panel's one primary button; the panel gives it its words anew at a language change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = ""
        set_role(self, "primary")
        self.setIcon(theme().icon("send", "on_accent"))
        # A click leaves the focus in the editor; Tab comes here.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.dress()

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
        self._keys = QKeySequence(_KEYS[0]).toString(QKeySequence.SequenceFormat.NativeText)
        self.setText(tr("composer.send"))
        self.setAccessibleName(tr("composer.send"))

    def sizeHint(self) -> QSize:
        """Room for the key, which is the longer line, and for both lines."""
        px = theme().px
        line = self.fontMetrics()
        width = max(line.horizontalAdvance(self._keys) + 2 * px(14), px(112))
        return QSize(width, 2 * line.height() + px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw icon and word, and the key below them: QPushButton cannot set two lines apart."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        option.icon = QIcon()
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        token = "on_accent" if self.isEnabled() else "disabled_text"
        painter.setPen(theme().colour(token))
        metrics = self.fontMetrics()
        side, gap = self.iconSize().width(), theme().px(6)
        top = (self.height() - 2 * metrics.height() - gap // 2) // 2
        left = (self.width() - side - gap - metrics.horizontalAdvance(self.text())) // 2
        icon_box = QRect(left, top + (metrics.height() - side) // 2, side, side)
        self.icon().paint(painter, icon_box, mode=_icon_mode(self.isEnabled()))
        painter.drawText(left + side + gap, top + metrics.ascent(), self.text())
        below = self.rect().adjusted(0, top + metrics.height() + gap // 2, 0, 0)
        font = QFont(self.font())
        font.setBold(False)
        painter.setFont(font)
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, centred, self._keys)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        side = theme().px(18)
        self.setIconSize(QSize(side, side))
        self.updateGeometry()


def _icon_mode(enabled: bool) -> QIcon.Mode:
    return QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
