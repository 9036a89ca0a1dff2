"""The names over the columns of fields; there is none while no field has one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.text.visible import escaped
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from app.ui.log.metrics import LogMetrics


class FieldHeader(QWidget):
    """A strip over the log's rows. GUI thread."""

    removed = Signal(str)  # a field's name: it is to have no column any more

    def __init__(self, parent: QWidget, metrics: LogMetrics) -> None:
        super().__init__(parent)
        self._metrics = metrics
        self.names: Sequence[str] = ()
        self.hide()

    def show_names(self, names: Sequence[str]) -> None:
        """Show these over their columns."""
        self.names = names
        self.setVisible(bool(names))
        self.setToolTip(tr("log.columns_tip"))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a row."""
        return QSize(self._metrics.content_x, self._metrics.row_height + theme().px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the names at the right ends of their columns."""
        metrics = self._metrics
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme().colour("surface"))
            painter.setPen(theme().colour("line"))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
            painter.setFont(theme().ui_font())
            painter.setPen(theme().colour("secondary"))
            end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            for at, name in enumerate(self.names):
                width = metrics.columns[at] * metrics.cell
                left = metrics.column_right(at, self.width()) - width
                box = QRectF(left, 0, width, self.height() - 1)
                painter.drawText(box, end, escaped(name))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to take columns away."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self.names:
            words = tr("log.column_remove", name=escaped(name).replace("&", "&&"))
            menu.addAction(words, partial(self.removed.emit, name))
        menu.popup(event.globalPos())
