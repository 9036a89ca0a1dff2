"""What leads to what, who waits, and what a step is about, as the pieces show it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.teaching.calls import Call
from app.ui.application import Program
from app.ui.classroom.calls import CallsPiece
from app.ui.classroom.desk import Desk
from app.ui.classroom.experiments import ExperimentsPiece
from app.ui.classroom.experiments.exhibit import ExperimentExhibit
from app.ui.classroom.source import SourcePiece
from app.ui.classroom.stream import StreamPiece
from app.ui.classroom.timeline import TimelinePiece
from app.ui.classroom.timeline.arrows import Arrow, Arrows
from app.ui.theme import theme
from tests.support.wait import wait_until
from tests.ui.classroom.test_on_display import play

Show = Callable[[str], QWidget]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def piece(show: Show) -> ExperimentsPiece:
    made = show("experiments")
    assert isinstance(made, ExperimentsPiece)
    return made


@pytest.fixture
def timeline(program: Program, piece: ExperimentsPiece) -> TimelinePiece:
    made = program.window.classroom.stage.piece("timeline")
    assert isinstance(made, TimelinePiece)
    return made


def arrows_of(timeline: TimelinePiece) -> tuple[list[Arrow], list[Arrow]]:
    """Those of all calls, and those of marked ones."""
    timeline.catch_up()
    scene = timeline.view.scene()
    assert scene is not None
    painter = timeline.view._painter
    arrows = Arrows(scene, lambda ns: painter.x_of(ns, scene), painter._edge_of(scene))
    return arrows.quiet(), arrows.loud()


def named(arrows: list[Arrow]) -> set[tuple[str, str]]:
    return {(arrow.pair.cause.name, arrow.pair.effect.name) for arrow in arrows}


def exhibit_of(piece: ExperimentsPiece) -> ExperimentExhibit:
    exhibit = piece._desk.exhibit
    assert isinstance(exhibit, ExperimentExhibit)
    return exhibit


def find(piece: ExperimentsPiece, lane: str, name: str) -> Call:
    recorder = exhibit_of(piece).recorder
    numbers = {found.number for found in recorder.lanes() if found.name.split()[0] == lane}
    return next(c for c in recorder.calls_after(0) if c.lane in numbers and c.name == name)


def spot(timeline: TimelinePiece, call: Call) -> QPoint:
    scene, painter = timeline.view.scene(), timeline.view._painter
    assert scene is not None
    at = next(
        at
        for at, row in enumerate(scene.rows)
        if row.track is not None and row.track.lane.number == call.lane
    )
    top = painter.axis + at * painter.lane + painter.lane // 2 - scene.scrolled_y
    return QPoint(int(painter.x_of(call.begin_ns + (call.end_ns - call.begin_ns) // 2, scene)), top)


def test_arrows_lead_from_call_to_call_and_never_back_in_time(
    piece: ExperimentsPiece, timeline: TimelinePiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "first-words")
    quiet, _ = arrows_of(timeline)
    assert named(quiet) == {("connect", "accept"), ("send", "recv"), ("close", "recv")}
    assert all(arrow.line.x1() <= arrow.line.x2() for arrow in quiet)
    assert all(arrow.line.y1() != arrow.line.y2() for arrow in quiet)


def test_looking_back_only_what_has_happened_has_arrows(
    piece: ExperimentsPiece, timeline: TimelinePiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "first-words")
    steps = exhibit_of(piece).performance.steps
    seen = []
    piece.page.view.setFocus()
    qtbot.keyClick(piece.page.view, Qt.Key.Key_Home)
    for step in steps:
        quiet, loud = arrows_of(timeline)
        assert all(arrow.pair.end_ns <= step.at_ns for arrow in quiet + loud)
        seen.append(len(quiet))
        qtbot.keyClick(piece.page.view, Qt.Key.Key_Right)
    assert seen == sorted(seen)
    assert seen[0] == 0 < seen[-1]
    qtbot.keyClick(piece.page.view, Qt.Key.Key_Home)
    assert piece.page.looked_at == 0
    qtbot.keyClick(piece.page.view, Qt.Key.Key_End)
    assert piece.page.looked_at == len(steps) - 1


def test_the_switch_is_remembered_and_a_chosen_call_keeps_its_arrows(
    program: Program, piece: ExperimentsPiece, timeline: TimelinePiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "first-words")
    timeline.tools["arrows"].trigger()
    assert program.controller.settings.timeline_arrows is False
    assert arrows_of(timeline)[0] == []
    send = find(piece, "A", "send")
    piece._desk.call_chosen.emit(send.id, None)
    assert ("send", "recv") in named(arrows_of(timeline)[1])


def test_with_many_lanes_only_marked_calls_have_arrows(
    piece: ExperimentsPiece, timeline: TimelinePiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "deaf-client")
    quiet, _ = arrows_of(timeline)
    places = [
        (a.pair.cause.lane, a.pair.effect.lane, int(a.line.x2() / theme().px(7))) for a in quiet
    ]
    assert len(places) == len(set(places))  # thinned out
    assert len(piece._desk.pairs.all) > len(quiet)


def test_the_call_under_the_mouse_names_its_other_half(
    piece: ExperimentsPiece, timeline: TimelinePiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "glued-messages")
    timeline.catch_up()
    send = find(piece, "A", "send")
    timeline.view.verticalScrollBar().setValue(0)
    where = spot(timeline, send)

    def points() -> bool:
        for spot_ in (where + QPoint(0, 1), where):  # no event comes where the mouse is already
            qtbot.mouseMove(timeline.view.viewport(), spot_)
        scene = timeline.view.scene()
        return scene is not None and scene.pointed_at is not None

    wait_until(points)
    hint = timeline.view.tip_at(where)
    assert "→ worker-1" in hint or "← listener" in hint


def test_a_call_s_spoken_text_names_its_other_half(
    show: Show, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    calls = show("calls")
    assert isinstance(calls, CallsPiece)
    play(piece, qtbot, "first-words")
    calls.catch_up()
    row = calls.rows.row_of(find(piece, "A", "send").id)
    assert row is not None
    spoken = calls.rows.data(calls.rows.index(row), Qt.ItemDataRole.AccessibleTextRole)
    assert "→ worker-1" in spoken
    assert "recv(1024)" in spoken


def test_a_step_marks_its_calls_and_its_bytes(
    show: Show, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "split-messages")
    calls, stream = show("calls"), show("stream")
    assert isinstance(calls, CallsPiece)
    assert isinstance(stream, StreamPiece)
    at = next(n for n, s in enumerate(exhibit_of(piece).performance.steps) if s.key == "cut")
    piece._look_back(at)
    assert len(stream.view._spoken) == 3
    marked = calls.view._painter.marked
    recorder = exhibit_of(piece).recorder
    assert [recorder.call(call_id).name for call_id in sorted(marked)] == ["recv"] * 3  # type: ignore[union-attr]
    piece._look_back(at - 1)  # a client's send: the bytes are those that it became
    assert len(calls.view._painter.marked) == 1
    assert len(stream.view._spoken) == 3


def test_a_step_without_calls_of_its_own_is_about_what_happened_since(
    piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "deaf-client")
    exhibit = exhibit_of(piece)
    steps = exhibit.performance.steps
    assert not steps[1].calls
    spoken = exhibit.spoken(1)
    assert spoken.calls
    assert all(steps[0].last_call < call_id <= steps[1].last_call for call_id in spoken.calls)


def test_the_line_of_the_step_is_dragged_along_the_steps(
    piece: ExperimentsPiece, timeline: TimelinePiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, "goodbyes")
    timeline.catch_up()
    view, steps = timeline.view, exhibit_of(piece).performance.steps
    scene = view.scene()
    assert scene is not None

    def at(moment_ns: int) -> QPoint:
        return QPoint(int(view._painter.x_of(moment_ns, scene)), view._painter.axis + 5)

    wait_until(lambda: view.scene().spoken.to_ns == steps[-1].at_ns)  # type: ignore[union-attr]
    span = view.window_.span_ns
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at(steps[-1].at_ns))
    qtbot.mouseMove(view.viewport(), at(steps[0].at_ns))
    assert piece.page.looked_at in (0, 1)  # the first two are close together
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at(steps[0].at_ns))
    assert view.window_.span_ns == span
    assert not view._drags_step or view._pressed is None


def test_the_backlog_is_a_lane_that_says_when_it_is_full(
    piece: ExperimentsPiece, timeline: TimelinePiece, desk: Desk, qtbot: QtBot
) -> None:
    play(piece, qtbot, "full-backlog")
    timeline.catch_up()
    view = timeline.view
    names = [row.name for row in view.rows]
    assert names[names.index("listener") + 1] == "backlog"
    backlog = view._timeline.backlog  # type: ignore[union-attr]
    steps = {step.key: step for step in exhibit_of(piece).performance.steps}
    assert backlog.at(steps["served"].at_ns) == 0
    assert backlog.at(steps["queued"].at_ns) == steps["queued"].facts["n"]
    assert backlog.is_full(backlog.at(steps["outcome"].at_ns))
    assert backlog.at(steps["place_free"].at_ns) == steps["place_free"].facts["waiting"]
    scene, painter = view.scene(), view._painter
    assert scene is not None
    middle_ns = (steps["one_too_many"].at_ns + steps["outcome"].at_ns) // 2
    top = painter.axis + names.index("backlog") * painter.lane + painter.lane // 2
    where = QPoint(int(painter.x_of(middle_ns, scene)), top)
    assert "full: 3 waiting" in view.tip_at(where)
    image = QImage(int(scene.width), int(scene.height), QImage.Format.Format_RGB32)
    with QPainter(image) as brush:
        painter.paint(brush, scene)
    assert image.pixelColor(where.x(), top + painter.lane // 4) == theme().colour("lane_held")


@pytest.mark.parametrize("name", ["never-equal", "not-encryption", "full-backlog"])
def test_who_has_a_plain_socket_has_a_lane_too(
    name: str, piece: ExperimentsPiece, timeline: TimelinePiece, qtbot: QtBot
) -> None:
    play(piece, qtbot, name)
    timeline.catch_up()
    names = [row.name for row in timeline.view.rows]
    wanted = {"never-equal": "server", "not-encryption": "stranger", "full-backlog": "E"}
    assert wanted[name] in names
    if name == "full-backlog":
        late = find(piece, "E", "connect")
        assert isinstance(late.result, TimeoutError)


def test_the_tutorial_is_the_program_of_the_server_on_display(
    show: Show, piece: ExperimentsPiece, qtbot: QtBot
) -> None:
    source = show("source")
    assert isinstance(source, SourcePiece)
    assert "threading.Thread" in source.page.source
    play(piece, qtbot, "full-backlog")
    wait_until(lambda: "threading.Thread" not in source.page.source)
    assert "BACKLOG = 2" in source.page.source
    assert all("client" not in value.text for value in source.view._values.values())
    piece._desk.show_exhibit(None)
    wait_until(lambda: "threading.Thread" in source.page.source)
