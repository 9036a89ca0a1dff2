"""The column's own controls: a combo box that the wheel leaves alone, and a fold."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from app.ui.theme import set_role, theme
from app.ui.widgets.eliding_combo import ElidingCombo


class SteadyCombo(ElidingCombo):
    """A combo box in a column that scrolls: the wheel scrolls, it never changes a setting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumContentsLength(8)  # any width of the column is enough

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the column."""
        event.ignore()


class FoldHeading(QToolButton):
    """A group's heading with an arrow: checked, the group is unfolded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(self, "fold")
        self.toggled.connect(self._point)
        self._point(on=False)

    def _point(self, on: bool) -> None:
        self.setIcon(theme().icon("chevron-down" if on else "chevron-right"))
