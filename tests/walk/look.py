"""What is on the screen, as the program knows it: what can be clicked, and what is cut off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

from app.ui.widgets import OverflowBar

ARROW_PX = 24  # of a combo box
SLACK_PX = 2  # a frame, a rounding
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QTabBar, QPlainTextEdit)
# Widgets that scroll what is in them.
STATUS = "StatusStrip"
PAINTED = ("LogView", "CallsView", "TimelineView", "StreamView", "GridView", "SourceView")


def widgets() -> Iterator[QWidget]:
    """Every widget that is shown, parents first."""
    for top in QApplication.topLevelWidgets():
        if top.isVisible() and top.windowType() != Qt.WindowType.ToolTip:
            yield top
            behind = _docks_behind_others(top)
            for below in top.findChildren(QWidget):
                if below.isVisible() and below.window() is top and behind.isdisjoint(_line(below)):
                    yield below


def _docks_behind_others(window: QWidget) -> set[QWidget]:
    """Those whose tab is not in front: Qt says that they are visible, far outside the window."""
    return {dock for dock in window.findChildren(QDockWidget) if dock.visibleRegion().isEmpty()}


def _line(widget: QWidget) -> set[QWidget]:
    return {widget, *_above(widget)}


def controls() -> list[dict[str, Any]]:
    """Say of each widget what a user sees of it, and where."""
    return [
        {
            "kind": type(widget).__name__,
            "base": _base(widget),
            "name": widget.objectName(),
            "text": text_of(widget),
            "spoken": widget.accessibleName(),
            "enabled": widget.isEnabled(),
            "tip": widget.toolTip(),
            "at": place(widget, widget.rect()),
            "inside": [type(w).__name__ for w in _above(widget)],
            "opens": _opens(widget),
            "click": place(widget, _where_to_click(widget)),
            "in_sight": widget.visibleRegion().contains(_where_to_click(widget).center()),
            # Also one that leaves the window free: keys go to it until Esc closes it.
            "modal": widget.isWindow() and (widget.isModal() or isinstance(widget, QDialog)),
            "popup": widget.isWindow() and widget.windowType() == Qt.WindowType.Popup,
        }
        for widget in widgets()
    ]


def picture(*, status: bool) -> dict[str, str]:
    """Say everything by which one moment differs from another; the status line goes on counting."""
    seen: dict[str, str] = {}
    for number, widget in enumerate(widgets()):
        if not status and STATUS in {type(w).__name__ for w in _line(widget)}:
            continue
        where = f"{number} {type(widget).__name__} {widget.objectName()}"
        looks: list[object] = [text_of(widget), widget.isEnabled(), widget.geometry().getRect()]
        if isinstance(widget, QAbstractButton):
            looks.append(widget.isChecked())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            looks.append(widget.model().rowCount())
            looks.append(sorted(i.row() for i in widget.selectionModel().selectedRows()))
        if isinstance(widget, QAbstractScrollArea):
            looks.append(widget.verticalScrollBar().value())
        if type(widget).__name__ in PAINTED and isinstance(widget, QAbstractScrollArea):
            image = widget.viewport().grab().toImage()
            looks.append(hashlib.sha256(bytes(image.constBits())).hexdigest())
        seen[where] = repr(looks)
    focus = QApplication.focusWidget()
    seen["focus"] = f"{type(focus).__name__} {id(focus)}"
    seen["clipboard"] = QApplication.clipboard().text()
    seen["full screen"] = str([w.windowState().value for w in QApplication.topLevelWidgets()])
    return seen


def text_of(widget: QWidget) -> str:
    """Return what a widget says."""
    for name in ("text", "currentText", "toPlainText", "title", "windowTitle"):
        said = getattr(widget, name, None)
        if callable(said) and (text := said()):
            return str(text)[:4000]
    return ""


def place(widget: QWidget, rect: QRect) -> list[int]:
    """Return where a part of a widget lies on the screen: x, y, width, height."""
    corner = widget.mapToGlobal(rect.topLeft())
    return [corner.x(), corner.y(), rect.width(), rect.height()]


def flaws() -> list[str]:
    """Say what is cut off or outside the screen, with the widget it is about."""
    found = []
    for widget in widgets():
        found += [f"{_called(widget)}: {flaw}" for flaw in _flaws_of(widget)]
    return sorted(set(found))


def _flaws_of(widget: QWidget) -> Iterator[str]:
    if widget.isWindow():
        yield from _window_flaws(widget)
    elif isinstance(widget, CONTROLS) and not _is_part(widget):
        yield from _hidden_part(widget)
    layout = widget.layout()
    if layout is not None and not _scrolls(widget):
        least = layout.minimumSize()
        if _too_small(widget.size(), least):
            yield f"its parts need {_px(least)} and have {_px(widget.size())}"
    yield from _cut_text(widget)


def _window_flaws(window: QWidget) -> Iterator[str]:
    if window.windowType() == Qt.WindowType.Popup and isinstance(window, QMenu):
        return  # Qt keeps menus on the screen, and scrolls them
    # Where a window fills the screen, its manager may put the frame's own border outside.
    fills = window.isMaximized() or window.isFullScreen()
    lies = window.geometry() if fills else window.frameGeometry()
    screen = window.screen().geometry()
    if not screen.contains(lies.adjusted(SLACK_PX, SLACK_PX, -SLACK_PX, -SLACK_PX)):
        yield f"lies at {lies.getRect()}, the screen is {_px(screen.size())}"


def _hidden_part(widget: QWidget) -> Iterator[str]:
    """A control is seen as a whole, or something scrolls to it."""
    rect = QRect(widget.mapToGlobal(QPoint()), widget.size())
    seen = rect & widget.screen().geometry()
    child = widget
    for above in _above(widget):
        if isinstance(above, QAbstractScrollArea) and child is above.viewport():
            return  # what is outside can be scrolled to
        seen &= QRect(above.mapToGlobal(QPoint()), above.size())
        child = above
    if _too_small(seen.size(), rect.size()):
        yield f"of {_px(rect.size())} only {_px(seen.size())} are in sight"


def _cut_text(widget: QWidget) -> Iterator[str]:
    text = text_of(widget)
    if isinstance(widget, QLabel) and text and widget.pixmap().isNull():
        yield from _cut_label(widget)
    elif isinstance(widget, QComboBox) and text:
        room = widget.width() - ARROW_PX
        needed = widget.fontMetrics().horizontalAdvance(text)
        if needed > room and text not in widget.toolTip():
            yield f"{text!r} needs {needed} px and has {room}"
    elif isinstance(widget, QLineEdit) and not _is_part(widget) and not text:
        hint = widget.placeholderText()
        needed = widget.fontMetrics().horizontalAdvance(hint)
        if needed > widget.width() - 8 and hint not in widget.toolTip():
            yield f"its hint {hint!r} needs {needed} px and has {widget.width() - 8}"
    elif isinstance(widget, QAbstractButton) and text and _shows_text(widget):
        least = QSize(widget.sizeHint().width(), widget.fontMetrics().height())
        if _too_small(widget.size(), least) and text not in widget.toolTip():
            yield f"{text!r} needs {_px(least)} and has {_px(widget.size())}"
    elif isinstance(widget, QTabBar):
        for at in range(widget.count()):
            needed = widget.fontMetrics().horizontalAdvance(widget.tabText(at))
            if widget.isTabVisible(at) and needed > widget.tabRect(at).width():
                yield f"its tab {widget.tabText(at)!r} is cut off"
    elif isinstance(widget, QMenuBar):
        for action in widget.actions():
            if action.isVisible() and not widget.rect().contains(widget.actionGeometry(action)):
                yield f"the menu {action.text()!r} has no room"
    elif isinstance(widget, QTextEdit | QPlainTextEdit):
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if widget.horizontalScrollBarPolicy() == never and widget.horizontalScrollBar().maximum():
            yield f"{widget.horizontalScrollBar().maximum()} px are cut off at the right"


def _cut_label(label: QLabel) -> Iterator[str]:
    if type(label).__name__ == "ElidedLabel":
        if not label.toolTip() and _too_small(label.size(), QLabel.sizeHint(label)):
            yield f"{label.text()!r} is shortened, and no tip has it whole"
        return
    broken = QSize(0, label.heightForWidth(label.width()))
    needed = broken if label.wordWrap() else label.sizeHint()
    if _too_small(label.size(), needed):
        yield f"{label.text()[:60]!r} needs {_px(needed)} and has {_px(label.size())}"


def _shows_text(button: QAbstractButton) -> bool:
    if isinstance(button, QToolButton):
        only = Qt.ToolButtonStyle.ToolButtonIconOnly
        return button.toolButtonStyle() != only or button.icon().isNull()
    return True


def _is_part(widget: QWidget) -> bool:
    """Whether it belongs to a control, which is looked at itself."""
    parent = widget.parentWidget()
    return isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit | QTabBar)


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return isinstance(parent, QAbstractScrollArea) or isinstance(widget, QAbstractScrollArea)


def _too_small(size: QSize, needed: QSize) -> bool:
    return size.width() + SLACK_PX < needed.width() or size.height() + SLACK_PX < needed.height()


def _above(widget: QWidget) -> Iterator[QWidget]:
    while not widget.isWindow() and (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent


def _called(widget: QWidget) -> str:
    names = [type(widget).__name__, *(type(w).__name__ for w in _above(widget))]
    said = (
        text_of(widget) if isinstance(widget, QAbstractButton | QLabel) else widget.accessibleName()
    )
    return f"{' in '.join(names[:3])} {said[:40]!r}"


def _opens(widget: QWidget) -> bool:
    """Whether a click drops down a list, a menu, or what had no room in a bar."""
    if isinstance(widget, QToolButton):
        bar = widget.parentWidget()
        more = isinstance(bar, OverflowBar) and widget is bar.more
        return more or widget.menu() is not None
    return isinstance(widget, QComboBox)


def _where_to_click(widget: QWidget) -> QRect:
    """The middle; where one can write into a combo box, its arrow."""
    if isinstance(widget, QComboBox) and widget.isEditable():
        return widget.rect().adjusted(widget.width() - ARROW_PX, 0, 0, 0)
    return widget.rect()


def _base(widget: QWidget) -> str:
    for kind in (QMenu, QDialog, QComboBox, QLineEdit, QAbstractButton, QTabBar):
        if isinstance(widget, kind):
            return kind.__name__
    return ""


def _px(size: QSize) -> str:
    return f"{size.width()}x{size.height()}"
