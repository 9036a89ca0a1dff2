"""Where what drops down goes: beside its anchor, and never off the screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QComboBox, QWidget

from app.ui.theme import theme


def place_popup(anchor: QWidget, popup: QWidget, size: QSize, *, above: bool = False) -> None:
    """Give `popup` its `size`, or what the screen has, beside `anchor`; right edges aligned.

    It goes below the anchor, or `above` it; to the other side if only there is room.
    """
    room, gap = anchor.screen().availableGeometry(), theme().px(2)
    size = size.boundedTo(room.size())
    top_right = anchor.mapToGlobal(QPoint(anchor.width(), 0))
    over = top_right.y() - gap - size.height()
    under = top_right.y() + anchor.height() + gap
    fits = {over: over >= room.top(), under: under + size.height() <= room.top() + room.height()}
    first, second = (over, under) if above else (under, over)
    y = second if fits[second] and not fits[first] else first
    wanted = QRect(QPoint(top_right.x() - size.width(), y), size)
    popup.setGeometry(moved_inside(wanted, room))


def moved_inside(inner: QRect, outer: QRect) -> QRect:
    """Return `inner` moved into `outer`, no further than needed; if too large, to its corner."""
    x = max(outer.left(), min(inner.x(), outer.x() + outer.width() - inner.width()))
    y = max(outer.top(), min(inner.y(), outer.y() + outer.height() - inner.height()))
    return QRect(x, y, inner.width(), inner.height())


class WideListCombo(QComboBox):
    """A combo box whose list is as wide as its longest entry, whatever the width of the field."""

    def showPopup(self) -> None:
        """Open the list; Qt keeps it on the screen in height only, if it is wider than the box."""
        view, room = self.view(), self.screen().availableGeometry()
        view.setMinimumWidth(0)
        entries = view.sizeHintForColumn(0) + 2 * view.frameWidth()
        bar = view.verticalScrollBar().sizeHint().width()
        view.setMinimumWidth(min(entries + bar, room.width() - theme().px(8)))
        super().showPopup()
        popup = view.window()
        inside = moved_inside(popup.geometry(), room)
        if popup is not self.window() and inside != popup.geometry():
            popup.setGeometry(inside)
