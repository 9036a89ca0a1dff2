"""The log view as a user sees and works it."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.journal.entry import ClientRecord, Kind, Opening
from app.ui.log.canvas import FRAME_MS
from app.ui.theme import theme
from app.wording import set_language
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def click(bench: LogBench, row: int, modifier: Qt.KeyboardModifier = NO) -> None:
    """Click the row painted at place `row`."""
    bench.seen()
    where = QPoint(500, row * bench.view.viewport().height() // (bench.view.page_rows + 1) + 8)
    QTest.mouseClick(bench.view.viewport(), Qt.MouseButton.LeftButton, modifier, where)


def press(bench: LogBench, key: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
    QTest.keyClick(bench.view, key, modifier)


def selected(bench: LogBench) -> list[int]:
    return [i for first, last in bench.view.selection.ranges for i in range(first, last + 1)]


def test_follows_the_end_until_scrolled_away(bench: LogBench) -> None:
    bench.fill(100)
    bench.shows("第 99 条")
    follows = QSignalSpy(bench.view.follow_changed)
    bench.view.verticalScrollBar().setValue(10)
    assert not bench.view.follows
    bench.source.chunk(1, b"new")
    bench.arrive()
    assert bench.seen()[0] == "第 10 条"
    press(bench, Qt.Key.Key_End)
    assert bench.view.follows
    bench.shows("new")
    assert [follows.at(i)[0] for i in range(follows.count())] == [False, True]


def test_reaching_the_end_by_the_scroll_bar_follows_again(bench: LogBench) -> None:
    bench.fill(100)
    bar = bench.view.verticalScrollBar()
    bar.setValue(3)
    assert not bench.view.follows
    bar.setValue(bar.maximum())
    assert bench.view.follows


def test_the_button_leads_back_to_the_end(bench: LogBench) -> None:
    bench.fill(100)
    bench.view.verticalScrollBar().setValue(0)
    button = bench.panel._to_end
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bench.view.follows
    assert not button.isVisible()


def test_rows_stay_in_place_while_others_come(bench: LogBench) -> None:
    bench.fill(100)
    bench.view.verticalScrollBar().setValue(40)
    before = bench.seen()
    for _ in range(500):
        bench.source.chunk(1, b"more")
    bench.arrive()
    QTest.qWait(60)
    assert bench.seen() == before


def test_many_news_make_few_frames(bench: LogBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.fill(100)
    bench.seen()
    frames = 0
    refresh = bench.view._refresh

    def counted() -> None:
        nonlocal frames
        frames += 1
        refresh()

    monkeypatch.setattr(bench.view._pace, "_work", counted)
    begun_s = time.monotonic()
    for _ in range(1_000):
        bench.source.chunk(1, b"x")
        bench.arrive()
    assert frames <= 1 + (time.monotonic() - begun_s) * 1000 / FRAME_MS


def test_selects_with_the_mouse(bench: LogBench) -> None:
    bench.fill(5)
    click(bench, 1)
    assert selected(bench) == [2]
    click(bench, 3, SHIFT)
    assert selected(bench) == [2, 3, 4]
    click(bench, 2, CTRL)
    assert selected(bench) == [2, 4]
    click(bench, 0)
    assert selected(bench) == [1]
    below = QPoint(500, bench.view.viewport().height() - 4)
    QTest.mouseClick(bench.view.viewport(), Qt.MouseButton.LeftButton, NO, below)
    assert selected(bench) == []


def test_dragging_selects_and_a_click_does_not_stop_following(bench: LogBench) -> None:
    bench.fill(100)
    viewport = bench.view.viewport()
    bench.seen()
    first = bench.view.visible_rows[2].id
    height = bench.view._metrics.row_height
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NO, QPoint(300, 2 * height + 4))
    QTest.mouseMove(viewport, QPoint(300, 5 * height + 4))
    wait_until(lambda: len(selected(bench)) == 4)
    assert not bench.view.follows  # rows stand still under the mouse
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NO, QPoint(300, 5 * height + 4))
    assert selected(bench) == [first, first + 1, first + 2, first + 3]
    assert bench.view.follows


@pytest.mark.parametrize("lost", ["focus", "hidden"])
def test_a_press_whose_release_goes_elsewhere_does_not_stop_following(
    bench: LogBench, lost: str
) -> None:
    bench.fill(100)
    viewport = bench.view.viewport()
    bench.seen()
    where = QPoint(300, 2 * bench.view._metrics.row_height + 4)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NO, where)
    assert not bench.view.follows
    if lost == "focus":
        popup = Qt.FocusReason.PopupFocusReason
        QApplication.sendEvent(bench.view, QFocusEvent(QEvent.Type.FocusOut, popup))
    else:
        bench.view.hide()
    assert bench.view.follows
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NO, where)


def test_moves_and_selects_with_the_keys(bench: LogBench) -> None:
    bench.fill(100)
    press(bench, Qt.Key.Key_Home)
    assert selected(bench) == [1]
    assert not bench.view.follows
    press(bench, Qt.Key.Key_Down)
    press(bench, Qt.Key.Key_Down, SHIFT)
    assert selected(bench) == [2, 3]
    press(bench, Qt.Key.Key_PageDown)
    assert selected(bench) == [3 + bench.view.page_rows - 1]
    press(bench, Qt.Key.Key_PageUp)
    assert selected(bench) == [3]
    press(bench, Qt.Key.Key_Up, CTRL)
    assert (selected(bench), bench.view.selection.current) == ([3], 2)
    press(bench, Qt.Key.Key_End, SHIFT)
    assert selected(bench) == list(range(2, 101))
    press(bench, Qt.Key.Key_A, CTRL)
    assert bench.view.selection.ranges == ((1, 100),)


def test_enter_and_double_click_ask_for_the_detail(bench: LogBench) -> None:
    bench.fill(5)
    asked = QSignalSpy(bench.view.detail_requested)
    click(bench, 1)
    assert asked.count() == 0
    press(bench, Qt.Key.Key_Return)
    where = QPoint(500, 8)
    QTest.mouseDClick(bench.view.viewport(), Qt.MouseButton.LeftButton, NO, where)
    assert [asked.at(i)[0] for i in range(asked.count())] == [2, 1]


def test_copies_what_is_selected(bench: LogBench) -> None:
    bench.fill(5)
    press(bench, Qt.Key.Key_A, CTRL)
    QApplication.clipboard().clear()
    press(bench, Qt.Key.Key_C, CTRL)
    wait_until(lambda: QApplication.clipboard().text())
    lines = QApplication.clipboard().text().split("\n")
    assert len(lines) == 5
    assert lines[4].endswith("← #1 192.168.1.7:64570 7 B 第 4 条")


def test_long_content_scrolls_sideways(bench: LogBench) -> None:
    client = bench.source.client()
    bench.source.chunk(client, b"x" * 1000)
    bench.arrive()
    bench.seen()
    bar = bench.view.horizontalScrollBar()
    assert bar.maximum() > 0
    press(bench, Qt.Key.Key_Right)
    assert bar.value() == bar.singleStep()
    bar.setValue(bar.maximum())
    bench.seen()
    assert bar.value() == bar.maximum()
    press(bench, Qt.Key.Key_Left)
    assert bar.value() < bar.maximum()


@pytest.mark.parametrize("mode", ["text", "hex", "mixed"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_paints_anything_in_every_mode(bench: LogBench, mode: str, look: str) -> None:
    client = bench.source.client(encoding="utf-8")
    bench.source.event(client, Kind.REPLY_FAILED, character="\u202e", encoding="gbk")
    for data in (b"", b"\x00\x01\x1b[31m\r\n\x7f", b"\xff\xfe", "عربي\u202eabc".encode(), b"\xe4"):
        bench.source.chunk(client, data)
    bench.source.chunk(client, bytes(range(256)) * 256, Kind.OUT)
    bench.arrive()
    theme().set_mode(look)
    bench.panel.set_mode(mode)
    bench.panel.resize(400, 300)
    assert len(bench.seen()) == 7
    surface = theme().colour("surface")
    image = bench.view.viewport().grab().toImage()
    colours = {image.pixelColor(x, 30).name() for x in range(image.width())}
    assert surface.name() in colours
    assert len(colours) > 1
    theme().set_mode("light")


def test_the_current_row_is_text_for_a_screen_reader(bench: LogBench) -> None:
    client = bench.source.client()
    bench.source.event(client)
    bench.source.chunk(client, "你好\r\n".encode("gbk"))
    bench.arrive()
    press(bench, Qt.Key.Key_End)
    said = bench.view.accessibleDescription()
    assert "收到 #1，6 字节：你好\\r\\n" in said
    assert bench.view.accessibleName() == "数据日志"
    press(bench, Qt.Key.Key_Up)
    assert "客户端上线" in bench.view.accessibleDescription()


def test_another_language_says_events_anew(bench: LogBench) -> None:
    client = bench.source.client()
    bench.source.event(client)
    bench.arrive()
    chinese = bench.seen()
    set_language("en")
    QApplication.sendEvent(bench.view, _language_change())
    assert bench.seen() != chinese
    assert bench.view.accessibleName() == "Data log"


def _language_change() -> object:
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.LanguageChange)


def test_a_larger_type_makes_taller_rows(bench: LogBench) -> None:
    bench.fill(100)
    before = bench.view.page_rows
    theme().set_type_percent(200)
    try:
        assert bench.view.page_rows < before
        bench.shows("第 99 条")
    finally:
        theme().set_type_percent(100)


def test_the_rows_are_as_large_as_the_type_of_the_moment(bench: LogBench) -> None:
    bench.fill(50)
    bench.seen()
    before = len(bench.view.visible_rows)
    theme().set_type_percent(200)
    wait_until(lambda: 0 < len(bench.view.visible_rows) <= before / 2 + 1)
    theme().set_type_percent(100)
    wait_until(lambda: len(bench.view.visible_rows) == before)


def test_a_fault_while_painting_leaves_the_window_whole(
    bench: LogBench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.fill(3)

    def fails(_token: str) -> None:
        raise ValueError("no colour")

    with qtbot.captureExceptions() as faults, monkeypatch.context() as broken:
        broken.setattr(theme(), "colour", fails)
        bench.view.viewport().update()
        wait_until(lambda: faults)
    bench.shows("第 2 条")
    bench.view.hide()  # its backing store goes: no painter may still be at work on it


def test_rows_tell_their_server_as_soon_as_there_are_several(bench: LogBench) -> None:
    journal = bench.source.journal

    def opened(number: int, kind: str, port: int) -> None:
        journal.add_opening(Opening(number, kind, "", f'[["0.0.0.0",{port}]]', 1))
        bench.source.event(0, Kind.SERVER_OPENED, server_id=number, endpoints=[["0.0.0.0", port]])

    def said(port: int, server_id: int, text: str) -> None:
        number = bench.source.client()
        where = {"server_id": server_id, "local_host": "10.0.0.9", "local_port": port}
        journal.add_client(ClientRecord(number, "10.0.0.1", 5, "gbk", 1, **where))
        bench.source.chunk(number, text.encode("gbk"))
        bench.arrive()
        bench.shows(text)

    opened(1, "tcp", 8080)
    said(8080, 1, "first")
    metrics = bench.view._metrics
    alone_x = metrics.address_x
    assert metrics.server_cells == 0
    opened(2, "tls", 8443)
    said(8443, 2, "second")
    assert [row.server for row in bench.view.visible_rows] == [
        "TCP 8080", "TCP 8080", "TLS 8443", "TLS 8443",
    ]  # fmt: skip
    assert metrics.server_cells == len("TCP 8080")
    assert metrics.server_x == alone_x < metrics.address_x
