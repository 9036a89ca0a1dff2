"""A bar of controls; those for which there is no room wait behind ».

QToolBar does this for actions only: its widgets (combo boxes, fields) just vanish. Here every
widget moves into a panel that drops down from », and comes back when there is room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.theme import set_role, theme
from app.ui.widgets.popups import place_popup
from app.ui.widgets.worded import Worded
from app.wording import tr

SPACING_PX = 6
_EXPANDING = QSizePolicy.Policy.Expanding


class OverflowBar(Worded, QWidget):
    """A row of widgets, from the left.

    A widget whose horizontal policy is Expanding takes what is left, and gives way down to its
    minimum before anything overflows. A label stays with what it names.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets: list[QWidget] = []
        self._in_row = 0  # so many of _widgets stand in the row, the others in the panel
        self._arranging = False
        # No scroll area itself: that takes Esc and clicks beside it, which close a popup.
        self._panel = QFrame(self, Qt.WindowType.Popup)
        set_role(self._panel, "popup")
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        around = QVBoxLayout(self._panel)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._scroll)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._scroll.setWidget(self._inside)
        self._inside.setAutoFillBackground(False)
        self.more = QToolButton(self)
        self.more.setIcon(theme().icon("more"))
        self.more.setAutoRaise(True)
        self.more.setCheckable(True)  # by what waits behind it, not by a click
        self.more.clicked.connect(self.open_panel)
        self.more.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(_EXPANDING, QSizePolicy.Policy.Fixed)
        self.dress()

    # filling

    def add_widget(self, widget: QWidget) -> None:
        """Add `widget` at the right end."""
        self._widgets.append(widget)
        self._in_row += 1
        if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            self._fill()
        else:  # once for all of them, before the bar is shown
            _kept_hidden(widget, lambda: widget.setParent(self))

    def add_action(self, action: QAction, *, only_when_enabled: bool = False) -> QToolButton:
        """Add a button for `action` at the right end: icon and text, hidden with its action."""
        button = _ActionButton(action, self, only_when_enabled=only_when_enabled)
        button.clicked.connect(self._panel.hide)
        button.toggled.connect(self._mark_more)
        self.add_widget(button)
        return button

    # the panel behind »

    @property
    def overflowing(self) -> tuple[QWidget, ...]:
        """The widgets that wait behind »."""
        return tuple(self._widgets[self._in_row :])

    def open_panel(self) -> None:
        """Drop down what did not fit."""
        self._mark_more()
        if not self.overflowing:
            return
        frame = 2 * self._panel.frameWidth()
        size = self._inside.sizeHint() + QSize(frame, frame)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        if size.height() > self.screen().availableGeometry().height():
            size += QSize(bar, 0)
        place_popup(self.more, self._panel, size)
        self._panel.show()

    def close_panel(self) -> None:
        """Fold away again what did not fit."""
        self._panel.hide()

    def _mark_more(self) -> None:
        """Let » be seen to hold something that is on: the log stands still while Pause is."""
        waiting = [w for w in self.overflowing if isinstance(w, _ActionButton) and _wanted(w)]
        self.more.setChecked(any(button.isChecked() for button in waiting))

    def reveal(self, widget: QWidget) -> None:
        """Make `widget` reachable for the keyboard: opens the panel if it waits there."""
        if widget in self.overflowing and not self._panel.isVisible():
            self.open_panel()

    # sizes

    def sizeHint(self) -> QSize:
        """Room for everything."""
        shown = [w for w in self._widgets if _wanted(w)]
        width = sum(w.sizeHint().width() for w in shown) + self._gaps(len(shown))
        return QSize(width, self._height(shown))

    def minimumSizeHint(self) -> QSize:
        """Any width is enough: what does not fit goes behind »."""
        least = self.more.sizeHint().width()
        return QSize(least, self._height([w for w in self._widgets if _wanted(w)]))

    def _height(self, shown: Sequence[QWidget]) -> int:
        return max((w.sizeHint().height() for w in shown), default=self.more.sizeHint().height())

    def _gaps(self, count: int) -> int:
        return max(0, count - 1) * self._row.spacing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What fits is another number now."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """A child that changed its size or visibility asks for a new layout."""
        if event.type() == QEvent.Type.Polish:
            self._fill()
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._arrange()
        return done

    # arranging

    def _arrange(self) -> None:
        if self._arranging:
            return
        count = self._fitting()
        if count != self._in_row:
            self._in_row = count
            self._fill()

    def _fitting(self) -> int:
        """Return how many widgets fit, counted from the left."""
        needed = [(at, _least_width(w)) for at, w in enumerate(self._widgets) if _wanted(w)]
        total = sum(width for _, width in needed) + self._gaps(len(needed))
        if total <= self.width():
            return len(self._widgets)
        room = self.width() - self.more.sizeHint().width()
        used = 0
        for at, width in needed:
            used += width + self._row.spacing()
            if used > room:
                while at > 0 and isinstance(self._widgets[at - 1], QLabel):
                    at -= 1
                return at
        return len(self._widgets)

    def _fill(self) -> None:
        """Put the widgets where they belong."""
        self._arranging = True
        for layout in (self._row, self._column):
            while layout.takeAt(0) is not None:
                pass
        for widget in self._widgets[: self._in_row]:
            _move(widget, self._row, int(_expands(widget)))
        if not any(_expands(w) for w in self._widgets[: self._in_row]):
            self._row.addStretch(0)
        for widget in self.overflowing:
            _move(widget, self._column)
        self._row.addWidget(self.more)
        self.more.setVisible(bool(self.overflowing))
        self._mark_more()
        if not self.overflowing:
            self._panel.hide()
        self._row.activate()
        self._keep_tab_order()
        self._arranging = False

    def _keep_tab_order(self) -> None:
        """Let Tab go from left to right: a widget that comes back stands last in its window."""
        shown = self._widgets[: self._in_row]
        before: QWidget = self.more  # it never moves, so it knows the bar's place in the window
        for widget in [
            *(stop for shown_one in shown for stop in _stops(shown_one)),
            self.more,
        ]:
            if widget is not before:
                QWidget.setTabOrder(before, widget)
            before = widget

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.more.setToolTip(tr("common.more_tip"))
        self.more.setAccessibleName(tr("common.more"))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._row.setSpacing(px(SPACING_PX))
        self._column.setContentsMargins(px(10), px(10), px(10), px(10))
        self._column.setSpacing(px(6))


class _ActionButton(QToolButton):
    """A tool button that is hidden while its action is, or also while that is off."""

    def __init__(self, action: QAction, parent: QWidget, *, only_when_enabled: bool) -> None:
        super().__init__(parent)
        self._only_when_enabled = only_when_enabled
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self.defaultAction()
        self.setHidden(
            not action.isVisible() or (self._only_when_enabled and not action.isEnabled())
        )


def _move(widget: QWidget, layout: QBoxLayout, stretch: int = 0) -> None:
    _kept_hidden(widget, lambda: layout.addWidget(widget, stretch))


def _kept_hidden(widget: QWidget, move: Callable[[], object]) -> None:
    """Give `widget` a new parent, which hides it; whether its owner did is kept."""
    wanted = _wanted(widget)
    move()
    widget.setHidden(not wanted)


def _stops(widget: QWidget) -> list[QWidget]:
    """`widget` and what is inside it, as far as it can have the focus itself."""
    window = widget.window()
    return [
        one
        for one in (widget, *widget.findChildren(QWidget))
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and one.focusProxy() is None
        and one.window() is window  # not the list of a combo box
    ]


def _wanted(widget: QWidget) -> bool:
    """Whether its owner wants it to be seen, wherever it stands."""
    return not (
        widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    )


def _expands(widget: QWidget) -> bool:
    return widget.sizePolicy().horizontalPolicy() == _EXPANDING


def _least_width(widget: QWidget) -> int:
    hint = widget.minimumSizeHint() if _expands(widget) else widget.sizeHint()
    return max(widget.minimumWidth(), min(hint.width(), widget.maximumWidth()))
