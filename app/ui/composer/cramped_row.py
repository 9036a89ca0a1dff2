"""A row of controls in groups; the groups for which there is no room wait in a menu behind »."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.widgets import SegmentedButtons


class _Group(NamedTuple):
    box: QWidget
    fill_menu: Callable[[QMenu], None]


class CrampedRow(QWidget):
    """Groups from the left, one widget at the right end.

    A group that does not fit is hidden, and with it all that follow; » offers the same choices as
    a menu. (A QToolBar would hide them too, but its » knows actions only, not widgets.)
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[_Group] = []
        self._last: QWidget | None = None
        self.more = QToolButton(self)
        self.more.setIcon(theme().icon("more"))
        self.more.setAutoRaise(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.clicked.connect(self._open_menu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._restyle)
        self._restyle()

    def add_group(self, fill_menu: Callable[[QMenu], None], *widgets: QWidget) -> None:
        """Add `widgets` that belong together; `fill_menu` puts the same choices into a menu."""
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme().px(6))
        for widget in widgets:
            row.addWidget(widget)
        self._groups.append(_Group(box, fill_menu))

    def set_last(self, widget: QWidget) -> None:
        """Put `widget` at the right end, where it always has room."""
        widget.setParent(self)
        self._last = widget

    def hidden_groups(self) -> int:
        """How many groups wait behind »."""
        return sum(group.box.isHidden() for group in self._groups)

    def sizeHint(self) -> QSize:
        """Room for everything."""
        hints = [group.box.sizeHint() for group in self._groups]
        if self._last is not None:
            hints.append(self._last.sizeHint())
        width = sum(hint.width() for hint in hints) + self._gap * (len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSizeHint(self) -> QSize:
        """Any width is enough."""
        return QSize(theme().px(80), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """A control wants another width: share the room anew."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._arrange()
        return done

    @property
    def _gap(self) -> int:
        return theme().px(14)

    def _restyle(self) -> None:
        side = theme().px(16)
        self.more.setIconSize(QSize(side, side))
        self._arrange()

    def _arrange(self) -> None:
        right = self.width()
        if self._last is not None:
            right -= self._last.sizeHint().width()
            self._place(self._last, right)
        shown = self._how_many_fit(right)
        self.more.setVisible(shown < len(self._groups))
        left = 0
        for at, group in enumerate(self._groups):
            group.box.setVisible(at < shown)
            if at < shown:
                self._place(group.box, left)
                left += group.box.width() + self._gap
        self._place(self.more, left)

    def _how_many_fit(self, right: int) -> int:
        widths = [group.box.sizeHint().width() + self._gap for group in self._groups]
        if sum(widths) <= right:
            return len(widths)
        right -= self.more.sizeHint().width() + self._gap
        shown = 0
        while shown < len(widths) and sum(widths[: shown + 1]) <= right:
            shown += 1
        return shown

    def _place(self, widget: QWidget, left: int) -> None:
        hint = widget.sizeHint()
        height = min(hint.height(), self.height())
        widget.setGeometry(left, (self.height() - height) // 2, hint.width(), height)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in self._groups:
            if group.box.isHidden():
                group.fill_menu(menu)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.more.setToolTip(tr("common.more_tip"))
        self.more.setAccessibleName(tr("common.more"))


def combo_menu(menu: QMenu, title: str, combo: QComboBox) -> None:
    """Add a submenu to `menu` that chooses an entry of `combo` as the user would."""
    choices = menu.addMenu(title)
    choices.setEnabled(combo.isEnabled())
    alone = QActionGroup(choices)
    for row in range(combo.count()):
        action = choices.addAction(combo.itemText(row))
        action.setCheckable(True)
        action.setChecked(row == combo.currentIndex())
        flags = combo.model().flags(combo.model().index(row, 0))
        action.setEnabled(bool(flags & Qt.ItemFlag.ItemIsEnabled))
        action.triggered.connect(lambda _, row=row: _choose(combo, row))
        alone.addAction(action)


def _choose(combo: QComboBox, row: int) -> None:
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def check_menu(menu: QMenu, box: QCheckBox) -> None:
    """Add an action to `menu` that switches `box`."""
    action = menu.addAction(box.text())
    action.setCheckable(True)
    action.setChecked(box.isChecked())
    action.setEnabled(box.isEnabled())
    action.triggered.connect(box.click)


def segment_menu(menu: QMenu, buttons: SegmentedButtons, values: tuple[str, ...]) -> None:
    """Add an action to `menu` for each of the `values` of `buttons`."""
    for value in values:
        action = menu.addAction(buttons.button(value).text())
        action.setCheckable(True)
        action.setChecked(buttons.value == value)
        action.triggered.connect(lambda _, value=value: buttons.button(value).click())
