"""What the time line keeps of its last picture changes no pixel of the next one."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.models.timeline import Row, Timeline, Track
from app.teaching.calls import Activity, Call, Lane, OpenCall
from app.teaching.pairs import CallPairs
from app.teaching.recorder import MOST_CALLS, CallRecorder
from app.ui.classroom.timeline.boxes import CHUNK_PX, Chunks, Scale, joined
from app.ui.classroom.timeline.painting import TimelinePainter
from app.ui.classroom.timeline.scene import Scene
from app.ui.classroom.timeline.window import TimeWindow

MS = 1_000_000
WIDTH, HEIGHT = 700, 190
RESTS, ENDS = 3, 4  # what these do between two calls is not shown, or nothing any more
NAMES = ("recv", "send", "decode", "wait_for_peer")


class Busy:
    """Lanes that go on calling, in a time of their own."""

    def __init__(self) -> None:
        self.timeline = Timeline(CallPairs(CallRecorder()))
        self.now_ns, self._id, self._luck = 0, 0, random.Random(7)
        first = OpenCall("recv", 0, -1, (), 0)
        lanes = [Lane(n, f"worker-{n}", n, 0, open=first, rests=n == RESTS) for n in range(1, 8)]
        tracks = [Track(lane) for lane in lanes]
        self.rows = [Row(track) for track in tracks]

    def go_on(self, by_ns: int) -> None:
        """From lane to lane calls are longer; one thread ends."""
        self.now_ns += by_ns
        for row in self.rows:
            track, luck = row.track, self._luck
            assert track is not None
            longest_ns = 3 * MS * 3**track.lane.number
            opened = track.lane.open
            while opened is not None and opened.begin_ns + longest_ns < self.now_ns:
                end_ns = opened.begin_ns + luck.randrange(longest_ns)
                self._keep(track, opened, end_ns)
                gap_ns = luck.choice((0, 20_000, longest_ns // 3))
                opened = OpenCall(luck.choice(NAMES), 0, -1, (), end_ns + gap_ns)
            track.lane.open = opened
            if track.lane.number == ENDS and self.now_ns > 6_000 * MS:
                track.lane.end_ns, track.lane.open = track.calls[-1].end_ns, None

    def _keep(self, track: Track, opened: OpenCall, end_ns: int) -> None:
        self._id += 1
        begin_ns, lane = opened.begin_ns, track.lane.number
        call = Call(self._id, lane, opened.name, 0, -1, (), 5, begin_ns, end_ns, ())
        track.calls.append(call)

    def scene(self, span_ns: int, scrolled_y: int = 0) -> Scene:
        window = TimeWindow(span_ns, self.now_ns)
        return Scene(self.timeline, self.rows, window, WIDTH, HEIGHT, scrolled_y)


def painted(painter: TimelinePainter, scene: Scene, sharpness: float) -> QImage:
    image = QImage(int(WIDTH * sharpness), int(HEIGHT * sharpness), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(sharpness)
    with QPainter(image) as brush:
        painter.paint(brush, scene)
    return image


@pytest.mark.parametrize("sharpness", [1.0, 1.25, 1.5, 2.0])
def test_a_kept_picture_equals_a_new_one(qapp: QApplication, sharpness: float) -> None:
    busy, kept = Busy(), TimelinePainter(keeps_pictures=True)
    busy.go_on(4_000 * MS)
    for turn in range(60):
        busy.go_on(70 * MS)
        # Once it is zoomed, once scrolled: what was kept is of another scale, or of other lanes.
        scene = busy.scene((9_000 if 25 < turn < 40 else 5_000) * MS, 40 if turn > 50 else 0)
        new = painted(TimelinePainter(), scene, sharpness)
        assert painted(kept, scene, sharpness) == new, turn


def test_only_what_is_new_is_worked_out(qapp: QApplication) -> None:
    busy, chunks = Busy(), Chunks()
    busy.go_on(4_000 * MS)
    scale = Scale(busy.timeline, 0, 5.0 * MS, 15, 48, 1)
    track = busy.rows[0].track
    assert track is not None

    def shown() -> dict[int, object]:
        chunks.begin(scale)
        return {place: chunk.picture for place, chunk in chunks.of(track, 10, busy.now_ns)}

    assert not any(shown().values())  # a scale that is there once needs no pictures
    before = shown()
    busy.go_on(35 * MS)
    after = shown()
    assert list(after)[:10] == [n * CHUNK_PX for n in range(10)]
    assert all(after[place] is picture for place, picture in before.items() if picture)
    assert sum(picture is None for picture in after.values()) <= 2
    chunks.begin(scale._replace(ns_per_px=6.0 * MS))
    assert all(chunk.picture is None for _, chunk in chunks.of(track, 10, busy.now_ns))


def test_a_call_across_chunks_has_its_words_once(qapp: QApplication) -> None:
    busy, chunks = Busy(), Chunks()
    track = busy.rows[0].track
    assert track is not None
    busy.now_ns = 2_000 * MS
    track.lane.open = None
    track.calls.append(Call(1, 1, "recv", 0, -1, (), 5, 100 * MS, 1_900 * MS, ()))
    chunks.begin(Scale(busy.timeline, 0, 2.0 * MS, 15, 48, 1))
    worded = [span for _, chunk in chunks.of(track, 0, busy.now_ns) for span in chunk.worded]
    call = [span for span in joined(worded) if span.activity is Activity.RECEIVING]
    assert [(span.begin_ns, span.end_ns) for span in call] == [(100 * MS, 1_900 * MS)]


def test_nothing_is_said_of_the_time_whose_calls_were_let_go(qapp: QApplication) -> None:
    recorder = CallRecorder()
    recorder.started_ns = recorder.now_ns
    recorder.thread_begins("worker-1", 1)
    for _ in range(MOST_CALLS + 3_000):
        recorder.calling("recv", None, ())
        recorder.returned("recv", None, (), b"x")
    timeline = Timeline(CallPairs(recorder))
    timeline.update()
    [track] = [row.track for row in timeline.rows() if row.track is not None]
    lasted_ns = timeline.now_ns - timeline.begin_ns
    chunks = Chunks()
    chunks.begin(Scale(timeline, timeline.begin_ns, lasted_ns / 800, 15, 48, 1))
    first_px = (timeline.oldest_ns - timeline.begin_ns) / (lasted_ns / 800)
    assert first_px > 20
    lefts = [
        place + box.left()
        for place, chunk in chunks.of(track, 0, timeline.now_ns)
        for boxes in chunk.boxes.values()
        for box in boxes
    ]
    assert min(lefts) >= first_px - 1
