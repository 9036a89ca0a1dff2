"""The time line shows what the server's threads did."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.teaching.calls import Activity
from app.ui.application import Program
from app.ui.classroom.desk import Desk
from app.ui.classroom.timeline import TimelinePiece
from app.ui.classroom.timeline.scene import Scene
from app.ui.classroom.timeline.view import TimelineView
from app.ui.classroom.timeline.window import TimeWindow, tick_text, ticks
from app.ui.classroom.timeline.words import heading_text
from tests.support.wait import wait_until

Dial = Callable[[], socket.socket]


@pytest.fixture
def piece(show: Callable[[str], TimelinePiece]) -> TimelinePiece:
    return show("timeline")


def names(piece: TimelinePiece) -> list[str]:
    return [row.track.lane.name.split()[0] if row.track else row.group for row in piece.view.rows]


def call_names(piece: TimelinePiece, lane: str) -> list[str]:
    for row in piece.view.rows:
        if row.track and row.track.lane.name.startswith(lane):
            return [call.name for call in row.track.calls]
    return []


def test_every_thread_has_a_lane(piece: TimelinePiece, dial: Dial) -> None:
    client = dial()
    client.sendall(b"hello")
    wait_until(
        lambda: (
            names(piece)[:3] == ["GUI", "listener", "sender"]
            and names(piece)[-2:] == ["running", "worker-1"]
            and "recv" in call_names(piece, "worker-1")
        ),
        message=lambda: str(names(piece)),
    )
    client.close()
    wait_until(lambda: names(piece)[-2:] == ["ended", "worker-1"])
    assert "close" in call_names(piece, "worker-1")


def test_with_two_servers_each_has_a_group_of_its_threads(
    piece: TimelinePiece, dial: Dial, program: Program
) -> None:
    controller = program.controller
    other = replace(controller.settings.server, server_id=2, name="second")
    controller.change(servers=(controller.settings.server, other))
    controller.fleet.open(2)
    first = dial()
    wait_until(lambda: len(controller.sessions) == 1)
    with socket.create_connection(controller.fleet.posts[2].endpoints[0], 5):
        wait_until(
            lambda: (
                names(piece)[-6:]
                == ["server1", "listener", "worker-1", "server2", "listener", "worker-2"]
            ),
            message=lambda: str(names(piece)),
        )
        heads = [heading_text(row) for row in piece.view.rows if row.can_fold]
        port = controller.fleet.posts[2].endpoints[0].port
        assert heads[1] == f"TCP {port} second (2)"
    controller.fleet.close(2)
    wait_until(lambda: "server1" not in names(piece))
    first.close()


def test_a_click_chooses_the_call_and_hover_tells_it(
    piece: TimelinePiece, dial: Dial, desk: Desk, qtbot: QtBot
) -> None:
    client = dial()
    wait_until(lambda: "worker-1" in names(piece))
    client.sendall("你好".encode("gbk"))
    wait_until(lambda: "recv" in call_names(piece, "worker-1"))
    view = piece.view
    piece.view.pause(True)
    view.fit()
    row = names(piece).index("worker-1")
    track = view.rows[row].track
    assert track is not None
    call = track.calls[0]
    scene = view.scene()
    assert scene is not None
    painter = view._painter
    where = QPoint(
        int(painter.x_of((call.begin_ns + call.end_ns) // 2, scene)),
        painter.axis + row * painter.lane + painter.lane // 2,
    )
    with qtbot.waitSignal(desk.call_chosen) as chosen:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert chosen.args == [call.id, piece]
    assert "recv(1024) → b'\\xc4\\xe3\\xba\\xc3'" in view.tip_at(where)


def test_pause_holds_the_picture_while_recording_goes_on(
    piece: TimelinePiece, dial: Dial, desk: Desk
) -> None:
    piece.tools["pause"].trigger()
    before = names(piece)
    recorder = desk.classroom.recorder
    dial()
    wait_until(lambda: any(lane.client_id for lane in recorder.lanes()))
    piece._refresh()
    assert names(piece) == before
    piece.tools["pause"].trigger()
    assert "worker-1" in names(piece)


def test_wheel_zooms_where_the_pointer_is_and_keys_work(piece: TimelinePiece, qtbot: QtBot) -> None:
    view = piece.view
    span = view.window_.span_ns
    wheel = QWheelEvent(
        QPointF(600, 60), QPointF(600, 60), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), wheel)
    assert view.window_.span_ns < span
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert not view.window_.follows
    assert not piece.tools["live"].isChecked()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.window_.follows
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.window_.left_ns <= view._timeline.begin_ns


def test_pictures_for_slides(piece: TimelinePiece, dial: Dial, tmp_path: Path) -> None:
    dial()
    wait_until(lambda: "worker-1" in names(piece))
    width = piece.view.viewport().width()  # of now: a scroll bar may come
    piece.save_to(tmp_path / "threads.png")
    wait_until(lambda: "threads.png" in piece.notice.text)
    image = QImage(str(tmp_path / "threads.png"))
    assert image.width() == 2 * width
    assert image.height() > 100
    piece.save_to(tmp_path / "threads.svg")
    wait_until(lambda: "threads.svg" in piece.notice.text)
    words = "".join(ElementTree.parse(tmp_path / "threads.svg").getroot().itertext())
    assert "listener" in words
    piece.save_to(tmp_path / "no such folder" / "threads.png")
    wait_until(lambda: "Cannot write threads.png" in piece.notice.text)
    assert piece.notice.isVisible()


def test_ticks_are_round_and_few() -> None:
    step, moments = ticks(0, 10_000_000_000, 8)
    assert (step, moments[:3]) == (2_000_000_000, [0, 2_000_000_000, 4_000_000_000])
    assert tick_text(1_500_000_000, 500_000_000) == "1.5"


def test_a_window_that_is_dragged_back_to_now_follows_again() -> None:
    window = TimeWindow(span_ns=100, right_ns=1000)
    window.pan(-50, 1000)
    window.advance(2000)
    assert (window.follows, window.right_ns) == (False, 950)
    window.pan(2000, 2000)
    assert (window.follows, window.right_ns) == (True, 2000)


def spot(piece: TimelinePiece, lane: str, moment_ns: int) -> QPoint:
    """Where a moment of a lane is painted."""
    view, painter = piece.view, piece.view._painter
    scene = view.scene()
    assert scene is not None
    top = painter.axis + names(piece).index(lane) * painter.lane + painter.lane // 2
    return QPoint(int(painter.x_of(moment_ns, scene)), top)


def test_hover_tells_what_a_waiting_thread_is_in(piece: TimelinePiece, dial: Dial) -> None:
    dial()
    wait_until(lambda: "worker-1" in names(piece))
    view = piece.view
    track = view.rows[names(piece).index("worker-1")].track
    assert track is not None
    wait_until(lambda: track.lane.open is not None)
    view.fit()
    hint = view.tip_at(spot(piece, "worker-1", view.now_ns)).split("\n")
    assert hint[1] == "recv(1024)"
    assert "so far" in hint[2]


def test_hover_tells_that_a_thread_was_not_there_or_nobody_recorded(
    piece: TimelinePiece, dial: Dial
) -> None:
    dial()
    wait_until(lambda: "worker-1" in names(piece))
    view = piece.view
    track = view.rows[names(piece).index("worker-1")].track
    assert track is not None
    begun_ns, came_ns = view._timeline.begin_ns, track.lane.begin_ns
    # Recording began in the middle of the picture, the thread at its right edge.
    view.window_ = TimeWindow(2 * (came_ns - begun_ns), came_ns, follows=False)
    middle_ns = (begun_ns + came_ns) // 2
    assert "does not exist" in view.tip_at(spot(piece, "worker-1", middle_ns))
    for lane in ("listener", "worker-1"):
        before = view.tip_at(spot(piece, lane, 2 * begun_ns - middle_ns))
        assert before.split("\n")[1:] == ["not recorded yet"]


def test_a_paused_picture_stays_when_its_open_call_returns(
    piece: TimelinePiece, dial: Dial
) -> None:
    client = dial()
    wait_until(lambda: "worker-1" in names(piece))
    view = piece.view
    track = view.rows[names(piece).index("worker-1")].track
    assert track is not None
    wait_until(lambda: track.lane.open is not None)
    view.pause(True)
    moment = view.now_ns
    client.sendall(b"x")
    wait_until(lambda: "recv" in call_names(piece, "worker-1"))
    *_, last = track.spans(view.window_.left_ns, moment, 1)
    assert last.activity is Activity.RECEIVING
    assert view.now_ns == moment


def test_the_last_moment_of_the_axis_is_whole(piece: TimelinePiece, desk: Desk) -> None:
    window, view, timeline = TimeWindow(), piece.view, piece.view._timeline
    assert timeline is not None
    window.follows, window.right_ns = False, timeline.begin_ns + 22 * 10**9
    image = QImage(900, 60, QImage.Format.Format_RGB32)
    brush = QPainter(image)
    view._painter.paint(brush, Scene(timeline, [], window, 900, 60))
    brush.end()
    ground = image.pixel(0, 0)
    rows = range(view._painter.axis)
    assert any(image.pixel(x, y) != ground for x in range(860, 899) for y in rows)
    assert all(image.pixel(899, y) == ground for y in rows)


def test_the_keyboard_walks_chooses_and_folds(
    piece: TimelinePiece, dial: Dial, desk: Desk, qtbot: QtBot
) -> None:
    client, view = dial(), piece.view
    for word in (b"one", b"two"):
        wait_until(lambda: "worker-1" in names(piece))
        heard = len(call_names(piece, "worker-1"))
        client.sendall(word)
        wait_until(lambda heard=heard: len(call_names(piece, "worker-1")) > heard)  # type: ignore[misc]
    piece.tools["pause"].trigger()

    def said() -> str:
        return view.accessibleDescription()

    def press(key: Qt.Key) -> str:
        qtbot.keyClick(view, key)
        return said()

    assert "Enter chooses" in said()
    view.setFocus()
    assert press(Qt.Key.Key_Down).startswith("GUI")
    for name in names(piece)[1:]:
        told = "Workers (1) · unfolded" if name == "running" else name
        assert press(Qt.Key.Key_Down).startswith(told)
    assert press(Qt.Key.Key_Down).startswith("worker-1")  # it is the last
    while "b'two'" not in said():
        before = said()
        assert press(Qt.Key.Key_Right) != before
    assert "b'one'" in press(Qt.Key.Key_Left)
    assert "took" in said()
    assert view.grab().toImage() != without_focus(view)
    with qtbot.waitSignal(desk.call_chosen) as chosen:
        press(Qt.Key.Key_Return)
    call = desk.classroom.recorder.call(chosen.args[0])
    assert call is not None
    assert call.result == b"one"
    press(Qt.Key.Key_Up)
    assert press(Qt.Key.Key_Left) == "Workers (1) · folded"
    assert "worker-1" not in names(piece)
    assert press(Qt.Key.Key_Space) == "Workers (1) · unfolded"
    assert "worker-1" in names(piece)


def without_focus(view: TimelineView) -> QImage:
    view.clearFocus()
    image = view.grab().toImage()
    view.setFocus()
    return image
