"""The small widgets, as a user meets them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import app.ui
from app.ui.theme import theme
from app.ui.widgets import (
    Banner,
    BannerKind,
    ElidedLabel,
    FieldError,
    FootBanner,
    OverflowBar,
    PlainLabel,
    SegmentedButtons,
)
from app.ui.widgets.worded import Worded
from app.wording import set_language, tr

# What the offscreen platform says whenever something drops down.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

HOSTILE = "<img src='http://x/'><b>bold</b> & more"
SIDES = [("left", "common.more"), ("middle", "common.cancel"), ("right", "common.dismiss")]


@pytest.fixture(autouse=True)
def _looks(qapp: QApplication) -> Iterator[None]:
    set_language("en")
    theme().set_mode("light")
    theme().set_type_percent(100)
    yield
    set_language("zh_CN")


def shown(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)


def speak(language: str, widget: QWidget) -> None:
    set_language(language)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))


# labels


@pytest.mark.parametrize("make", [PlainLabel, ElidedLabel])
def test_a_label_takes_nothing_for_html(make: type[PlainLabel], qtbot: QtBot) -> None:
    label = make(HOSTILE)
    shown(label, qtbot)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == HOSTILE


def test_a_shortened_label_is_whole_in_its_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("many words " * 30)
    label.resize(100, 20)
    shown(label, qtbot)
    assert label.toolTip().startswith("many words")
    label.setText("few")
    assert label.toolTip() == ""
    label.setText("two\nlines")
    assert label.text() == "two lines"


def test_a_tooltip_takes_nothing_for_html(qtbot: QtBot) -> None:
    label = ElidedLabel(HOSTILE)
    label.resize(20, 20)
    shown(label, qtbot)
    assert "&lt;b&gt;" in label.toolTip()
    assert "<b>" not in label.toolTip()


def test_an_error_shows_under_its_field_and_goes_without_a_trace(qtbot: QtBot) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    field, error = QLineEdit(), FieldError()
    column.addWidget(field)
    column.addWidget(error)
    column.addStretch()
    page.setFixedSize(300, 200)
    shown(page, qtbot)
    assert not error.isVisible()
    plain = page.grab().toImage()
    error.show_error("Wrong, because. Do this.", field)
    assert error.isVisible()
    assert error.accessibleName() == "Wrong, because. Do this."
    assert page.grab().toImage() != plain
    error.clear_error(field)
    assert not error.isVisible()
    qtbot.waitUntil(lambda: page.grab().toImage() == plain)


# segmented buttons


@pytest.fixture
def sides(qtbot: QtBot) -> SegmentedButtons:
    widget = SegmentedButtons(SIDES)
    shown(widget, qtbot)
    return widget


def test_one_of_the_segments_is_down(sides: SegmentedButtons, qtbot: QtBot) -> None:
    assert sides.value == "left"
    with qtbot.waitSignal(sides.changed) as told:
        qtbot.mouseClick(sides.button("right"), Qt.MouseButton.LeftButton)
    assert told.args == ["right"]
    assert sides.value == "right"
    assert not sides.button("left").isChecked()


def test_setting_a_value_tells_nobody(sides: SegmentedButtons, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(sides.changed):
        sides.set_value("middle")
    assert sides.value == "middle"
    with pytest.raises(KeyError):
        sides.set_value("nowhere")


def test_arrows_move_between_segments(sides: SegmentedButtons) -> None:
    sides.setFocus()
    for key, expected in (
        (Qt.Key.Key_Right, "middle"),
        (Qt.Key.Key_Right, "right"),
        (Qt.Key.Key_Right, "right"),
        (Qt.Key.Key_Left, "middle"),
    ):
        QTest.keyClick(sides.button(sides.value), key)
        assert sides.value == expected


def test_tab_stops_once_at_the_segment_that_is_down(sides: SegmentedButtons, qtbot: QtBot) -> None:
    qtbot.mouseClick(sides.button("middle"), Qt.MouseButton.LeftButton)
    stops = [
        value
        for value, _ in SIDES
        if sides.button(value).focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    ]
    assert stops == ["middle"]


def test_segments_change_their_language(sides: SegmentedButtons) -> None:
    speak("zh_CN", sides)
    assert sides.button("middle").text() == "取消"


# banners


def test_a_banner_says_offers_and_closes(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert not banner.isVisible()
    pressed: list[str] = []
    banner.show_message("warning", lambda: HOSTILE)
    button = banner.add_action(lambda: "Do it", lambda: pressed.append("done"))
    qtbot.waitExposed(banner)
    assert banner.kind is BannerKind.WARNING
    assert banner.text == HOSTILE
    assert HOSTILE in banner.accessibleName()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == ["done"]
    assert banner.isVisible()
    cross = banner.findChild(QToolButton)
    assert isinstance(cross, QToolButton)
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_a_new_message_takes_the_old_buttons_away(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_message("info", lambda: "first")
    banner.add_action(lambda: "old", lambda: None)
    banner.show_message("error", lambda: "second", closable=False)
    visible = [button.text() for button in banner.findChildren(QPushButton) if button.isVisible()]
    assert visible == []
    cross = banner.findChild(QToolButton)
    assert isinstance(cross, QToolButton)
    assert not cross.isVisible()


@pytest.mark.parametrize("kind", [Banner, FootBanner])
def test_a_banner_says_it_in_the_language_of_the_moment(kind: type[Banner], qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    banner = kind(host)
    words = ["中文", "撤销"]
    banner.show_message("info", lambda: words[0])
    button = banner.add_action(lambda: words[1], lambda: None)
    words[:] = ["English", "Undo"]
    QApplication.sendEvent(banner, QEvent(QEvent.Type.LanguageChange))
    assert (banner.text, button.text()) == ("English", "Undo")
    assert "English" in banner.accessibleName()


def test_a_hidden_banner_asks_for_no_words(qtbot: QtBot) -> None:
    """What it spoke of may be gone by then."""
    banner = Banner()
    qtbot.addWidget(banner)
    spoken_of = ["a file"]
    banner.show_message("info", lambda: spoken_of[0])
    banner.hide()
    spoken_of.clear()
    QApplication.sendEvent(banner, QEvent(QEvent.Type.LanguageChange))
    banner.show_message("info", lambda: "another")
    assert banner.text == "another"


def test_a_banner_at_the_foot_has_room_for_every_line(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(260, 300)
    host.show()
    foot = FootBanner(host)
    foot.say(lambda: "a long sentence that takes several lines in a narrow table " * 3)
    foot.add_action(lambda: "Undo", lambda: None)
    label = foot.findChild(PlainLabel)
    assert label is not None
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 50)
    assert host.rect().contains(foot.geometry())
    foot.change_words(lambda: "short")
    qtbot.waitUntil(lambda: foot.height() < 60)


def test_kinds_of_banners_are_told_apart(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    pictures = []
    for kind in BannerKind:
        banner.show_message(kind, lambda: "the same words")
        banner.resize(400, 50)
        pictures.append(banner.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


# the bar


class Bar(OverflowBar):
    """label combo | field that expands | two buttons on the right."""

    def __init__(self) -> None:
        super().__init__()
        self.label = PlainLabel("Client")
        self.combo = QComboBox()
        self.combo.addItems(["everybody"])
        self.field = QLineEdit()
        self.field.setMinimumWidth(100)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.pause = QAction("Pause", self)
        self.clear = QAction("Clear the view", self)
        self.add_widget(self.field)
        self.add_widget(self.label)
        self.add_widget(self.combo)
        self.buttons = [self.add_action(self.pause), self.add_action(self.clear)]


@pytest.fixture
def bar(qtbot: QtBot) -> Bar:
    bar = Bar()
    bar.resize(700, 40)
    shown(bar, qtbot)
    return bar


def narrow_to(bar: Bar, width: int, qtbot: QtBot) -> None:
    bar.resize(width, 40)
    qtbot.waitUntil(lambda: bar.width() == width)


def test_with_room_everything_stands_in_the_bar(bar: Bar) -> None:
    assert bar.overflowing == ()
    assert not bar.more.isVisible()
    assert bar.buttons[1].geometry().right() == bar.width() - 1
    assert bar.field.width() > 200


def test_without_room_the_last_ones_go_behind_more(bar: Bar, qtbot: QtBot) -> None:
    narrow_to(bar, 340, qtbot)
    assert bar.buttons[1] in bar.overflowing
    assert bar.more.isVisible()
    assert not bar.buttons[1].isVisible()
    qtbot.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    assert bar.buttons[1].isVisible()
    with qtbot.waitSignal(bar.clear.triggered):
        qtbot.mouseClick(bar.buttons[1], Qt.MouseButton.LeftButton)
    assert not bar.buttons[1].isVisible()


def test_they_come_back_when_there_is_room(bar: Bar, qtbot: QtBot) -> None:
    narrow_to(bar, 120, qtbot)
    assert bar.combo in bar.overflowing
    narrow_to(bar, 700, qtbot)
    assert bar.overflowing == ()
    assert all(w.isVisible() for w in (bar.field, bar.label, bar.combo, *bar.buttons))


def test_a_label_stays_with_what_it_names(bar: Bar, qtbot: QtBot) -> None:
    for width in range(700, 100, -10):
        narrow_to(bar, width, qtbot)
        assert (bar.label in bar.overflowing) == (bar.combo in bar.overflowing)


def test_nothing_sticks_out_at_any_width(bar: Bar, qtbot: QtBot) -> None:
    for width in range(700, 150, -10):
        narrow_to(bar, width, qtbot)
        inside = [w for w in (bar.field, bar.combo, bar.more, *bar.buttons) if w.isVisible()]
        assert all(w.geometry().right() < width for w in inside)


def test_what_its_owner_hides_stays_hidden_and_takes_no_room(bar: Bar, qtbot: QtBot) -> None:
    bar.combo.hide()
    bar.clear.setVisible(False)
    narrow_to(bar, 200, qtbot)
    narrow_to(bar, 700, qtbot)
    assert not bar.combo.isVisible()
    assert not bar.buttons[1].isVisible()
    bar.clear.setVisible(True)
    qtbot.waitUntil(bar.buttons[1].isVisible)


def test_a_widget_that_grows_pushes_others_out(bar: Bar, qtbot: QtBot) -> None:
    narrow_to(bar, 500, qtbot)
    assert bar.overflowing == ()
    bar.pause.setText("Pause (12,345,678 entries are waiting to be shown)")
    qtbot.waitUntil(lambda: bar.overflowing != ())


def test_larger_type_overflows_too(bar: Bar, qtbot: QtBot) -> None:
    narrow_to(bar, 500, qtbot)
    theme().set_type_percent(200)
    qtbot.waitUntil(lambda: bar.overflowing != ())
    theme().set_type_percent(100)
    qtbot.waitUntil(lambda: bar.overflowing == ())


def test_a_key_reaches_what_waits_behind_more(bar: Bar, qtbot: QtBot) -> None:
    narrow_to(bar, 120, qtbot)
    bar.reveal(bar.combo)
    assert bar.combo.isVisible()
    bar.combo.setFocus()
    qtbot.waitUntil(bar.combo.hasFocus)


def test_what_is_on_is_seen_where_it_waits_behind_more(bar: Bar, qtbot: QtBot) -> None:
    bar.clear.setCheckable(True)
    narrow_to(bar, 340, qtbot)
    assert bar.buttons[1] in bar.overflowing
    assert not bar.more.isChecked()
    bar.clear.trigger()  # by its key
    assert bar.more.isChecked()
    qtbot.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    assert bar.more.isChecked()
    bar.clear.trigger()
    assert not bar.more.isChecked()
    bar.clear.trigger()
    narrow_to(bar, 700, qtbot)
    assert not bar.more.isChecked()


def test_more_speaks_the_language(bar: Bar) -> None:
    more = bar.more
    speak("zh_CN", bar)
    assert more.accessibleName() == "更多"


# words and sizes


def every(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from every(one)


def test_no_class_hides_what_another_does_at_a_change() -> None:
    for found in pkgutil.walk_packages(app.ui.__path__, "app.ui."):
        importlib.import_module(found.name)
    kinds = set(every(Worded))
    assert len(kinds) > 40
    for kind in kinds:
        for hook in ("restyle", "retranslate", "changeEvent"):
            ours = [one for one in kind.__mro__ if one.__module__.startswith("app.")]
            owners = [one for one in ours if hook in vars(one)]
            assert owners[-1] is Worded, (kind, hook, owners)


def test_the_words_and_sizes_of_a_widget_follow(qtbot: QtBot) -> None:
    class Sign(Worded, QLabel):
        def __init__(self) -> None:
            super().__init__()
            self.dress()

        def retranslate(self) -> None:
            self.setText(tr("common.cancel"))

        def restyle(self) -> None:
            self.setFixedHeight(theme().px(20))

    sign = Sign()
    qtbot.addWidget(sign)
    assert (sign.text(), sign.height()) == ("Cancel", 20)
    speak("zh_CN", sign)
    theme().set_type_percent(200)
    assert (sign.text(), sign.height()) == ("取消", 40)
