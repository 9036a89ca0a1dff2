"""The tooltip of what is under the pointer, in a view that paints its content itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from app.ui.widgets.labels import plain_tooltip

if TYPE_CHECKING:
    _View = QAbstractScrollArea
else:
    _View = object


class TipsInView(_View):
    """To be named before Qt's class: shows what `tip_at` tells, as plain text. GUI thread."""

    def tip_at(self, where: QPoint) -> str:
        """What is known of the place `where` in the viewport; "" for nothing."""
        raise NotImplementedError

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tooltip(self.tip_at(event.pos())), self)
            return True
        return super().viewportEvent(event)
