"""The column's own controls: a combo box that the wheel leaves alone, a big button, a fold."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from app.ui.theme import theme
from app.ui.widgets.eliding_combo import ElidingCombo


class SteadyCombo(ElidingCombo):
    """A combo box in a column that scrolls: the wheel scrolls, it never changes a setting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumContentsLength(8)  # any width of the column is enough

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the column."""
        event.ignore()


class BigButton(QPushButton):
    """The column's one large button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        # Any other way, the sheet's height of buttons would win.
        self.setStyleSheet(f"min-height: {theme().px(30)}px;")


class FoldHeading(QAbstractButton):
    """A group's heading with an arrow: checked, the group is unfolded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a field, to be hit easily."""
        px = theme().px
        width = px(20) + QFontMetrics(self._heading_font()).horizontalAdvance(self.text())
        return QSize(width + px(4), px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Arrow and heading; a ring while the keyboard is here."""
        px = theme().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icon = theme().icon("chevron-down" if self.isChecked() else "chevron-right")
        side = px(16)
        icon.paint(painter, QRect(-px(3), (self.height() - side) // 2, side, side))
        painter.setFont(self._heading_font())
        painter.setPen(theme().colour("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(self.rect().adjusted(px(20), 0, 0, 0), int(flags), self.text())
        if self.hasFocus():
            painter.setPen(QPen(theme().colour("accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), px(5), px(5))

    def changeEvent(self, event: QEvent) -> None:
        """Another font, another width."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def _heading_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font
