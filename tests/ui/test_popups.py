"""What drops down stays on the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.ui.widgets import OverflowBar
from app.ui.widgets.popups import WideListCombo, moved_inside, place_popup

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def room(widget: QWidget) -> QRect:
    return widget.screen().availableGeometry()


@pytest.fixture
def anchor(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(100, 30)
    made.show()
    return made


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("size", [QSize(200, 100), QSize(300, 500), QSize(5_000, 5_000)])
@pytest.mark.parametrize("right", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("down", [0.0, 0.5, 1.0])
def test_a_popup_is_on_the_screen_wherever_its_anchor_is(
    anchor: QWidget, *, above: bool, size: QSize, right: float, down: float
) -> None:
    screen = room(anchor)
    anchor.move(int(right * (screen.width() - 100)), int(down * (screen.height() - 30)))
    popup = QWidget(anchor)
    place_popup(anchor, popup, size, above=above)
    assert screen.contains(popup.geometry())
    if size.height() == 100:  # there is room beside the anchor on one side at least
        assert not popup.geometry().intersects(QRect(anchor.mapToGlobal(anchor.pos()), QSize()))


def test_what_is_inside_is_not_moved() -> None:
    assert moved_inside(QRect(5, 6, 7, 8), QRect(0, 0, 100, 100)) == QRect(5, 6, 7, 8)
    assert moved_inside(QRect(95, -6, 7, 8), QRect(0, 0, 100, 100)) == QRect(93, 0, 7, 8)


def test_the_panel_of_a_bar_at_the_foot_opens_upwards_and_scrolls(qtbot: QtBot) -> None:
    bar = OverflowBar()
    qtbot.addWidget(bar)
    fields = [QLineEdit() for _ in range(40)]
    for field in fields:
        field.setMinimumSize(150, 40)
        bar.add_widget(field)
    screen = room(bar)
    bar.setGeometry(0, screen.bottom() - 60, 300, 40)
    bar.show()
    qtbot.waitUntil(lambda: len(bar.overflowing) > 10)
    bar.open_panel()
    panel = fields[-1].window()
    scroll = panel.findChild(QScrollArea)
    assert isinstance(scroll, QScrollArea)
    assert screen.contains(panel.geometry())
    assert panel.isVisible()
    for field in bar.overflowing:  # each can be scrolled to
        scroll.ensureWidgetVisible(field)
        assert not field.visibleRegion().isEmpty()
    panel.hide()


def test_a_list_wider_than_its_box_is_on_the_screen(qtbot: QtBot) -> None:
    holder = QPushButton()
    qtbot.addWidget(holder)
    combo = WideListCombo(holder)
    combo.addItems(["an entry that is much longer than the box " * 3, "another"])
    combo.setFixedWidth(60)
    screen = room(holder)
    holder.setGeometry(screen.right() - 80, 100, 80, 40)
    holder.show()
    qtbot.waitExposed(holder)
    combo.showPopup()
    popup = combo.view().window()
    qtbot.waitUntil(popup.isVisible)
    assert screen.contains(popup.geometry())
    assert popup.width() > 300
    combo.hidePopup()
