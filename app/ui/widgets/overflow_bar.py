"""A bar of controls; those for which there is no room wait behind »."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton, QWidget

from app.ui.theme import theme
from app.wording import tr

_EXTENSION = "qt_toolbar_ext_button"  # Qt's name for the » button


class OverflowBar(QToolBar):
    """A tool bar inside a panel. Widgets and actions from the left; `add_stretch` parts them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMovable(False)
        self.setFloatable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.retranslate()

    def add_widget(self, widget: QWidget) -> QAction:
        """Add `widget` at the right end; the action returned shows and hides it."""
        return self.addWidget(widget)

    def add_stretch(self) -> None:
        """Push what follows to the right edge."""
        space = QWidget(self)
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        space.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.addWidget(space)

    def minimumSizeHint(self) -> QSize:
        """Any width is enough: what does not fit goes behind »."""
        hint = super().minimumSizeHint()
        return QSize(theme().px(80), hint.height())

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        more = self.findChild(QToolButton, _EXTENSION)
        if more is not None:
            more.setToolTip(tr("common.more_tip"))
            more.setAccessibleName(tr("common.more"))

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _restyle(self) -> None:
        side = theme().px(16)
        self.setIconSize(QSize(side, side))
