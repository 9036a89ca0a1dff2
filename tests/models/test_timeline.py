"""Spans cover a thread's time without gap or overlap, however many calls there are."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.models.timeline import FEW, Timeline, Track
from app.teaching.calls import Activity, Call, Lane, OpenCall
from app.teaching.pairs import CallPairs
from app.teaching.recorder import CallRecorder


def track_of(*times: tuple[int, int], end_ns: int = 0) -> Track:
    lane = Lane(1, "worker-1", 1, 0, end_ns)
    calls = [
        Call(n, 1, "recv", 1, 7, (1024,), b"x", begin, end, ())
        for n, (begin, end) in enumerate(times, 1)
    ]
    return Track(lane, calls)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    lengths = draw(st.lists(st.integers(0, 50), max_size=60))
    moments = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    times = list(zip(moments[::2], moments[1::2], strict=False))
    return track_of(*times, end_ns=draw(st.sampled_from([0, moments[-1] + 5])))


@given(tracks(), st.integers(0, 500), st.integers(1, 1000), st.integers(1, 40))
def test_spans_follow_each_other_without_a_gap(
    track: Track, begin: int, length: int, step: int
) -> None:
    spans = list(track.spans(begin, begin + length, step))
    for before, after in pairwise(spans):
        assert before.end_ns == after.begin_ns
    assert all(span.end_ns > span.begin_ns for span in spans)
    assert len(spans) <= 2 * length // step + 4
    if spans and not track.lane.end_ns:
        assert spans[0].begin_ns == max(begin, 0)
        assert spans[-1].end_ns >= begin + length


@given(tracks(), st.integers(0, 500), st.integers(1, 1000))
def test_at_full_zoom_every_call_has_its_span(track: Track, begin: int, length: int) -> None:
    shown = [span.call.id for span in track.spans(begin, begin + length, 1) if span.call]
    wanted = [
        call.id
        for call in track.calls
        if call.end_ns > call.begin_ns and call.end_ns > begin and call.begin_ns < begin + length
    ]
    assert [n for n in shown if n in wanted] == wanted


def test_what_a_thread_does_now_reaches_to_the_right_edge() -> None:
    track = track_of((0, 10))
    track.lane.open = OpenCall("recv", 1, 7, (1024,), 15)
    spans = list(track.spans(0, 100, 1))
    assert [(s.begin_ns, s.end_ns, s.activity) for s in spans] == [
        (0, 10, Activity.RECEIVING),
        (10, 15, Activity.WORKING),
        (15, 100, Activity.RECEIVING),
    ]


def test_a_call_is_found_by_its_moment() -> None:
    track = track_of((0, 10), (20, 30))
    assert track.call_at(25) is track.calls[1]
    assert track.call_at(15) is None
    assert track.nearest(18, 3) is track.calls[1]
    assert track.nearest(15, 3) is None


def test_rows_are_grouped_and_many_ended_threads_are_folded() -> None:
    recorder = CallRecorder()
    timeline = Timeline(CallPairs(recorder))
    names = [("listener", 0), ("sender", 0), ("GUI", 0)]
    for ident, (name, client) in enumerate([*names, ("worker-1", 1), ("worker-2", 2)]):
        recorder._add_lane(ident, name, client)
    for number in range(FEW + 1):
        recorder._add_lane(1000 + number, f"worker-{number + 3}", number + 3).end_ns = 5
    assert timeline.update()
    rows = timeline.rows()
    shown = [row.track.lane.name if row.track else row.group for row in rows]
    assert shown == ["GUI", "listener", "sender", "running", "worker-1", "worker-2", "ended"]
    timeline.fold("ended", folded=False)
    assert len(timeline.rows()) == len(rows) + FEW + 1
    timeline.fold("running", folded=True)
    assert len(timeline.rows()) == len(rows) + FEW - 1


class TwoServers:
    """Listeners 1 and 2 and the workers of odd and of even clients."""

    def __init__(self) -> None:
        self.named = {1: "TCP 8080", 2: "TLS 8443 泵"}

    def titles(self) -> dict[int, str]:
        return self.named

    def of(self, lane: Lane) -> int:
        if lane.client_id:
            return 2 - lane.client_id % 2
        return lane.number if lane.name == "listener" else 0


def test_threads_are_grouped_by_their_servers_as_soon_as_there_are_several() -> None:
    recorder, servers = CallRecorder(), TwoServers()
    timeline = Timeline(CallPairs(recorder), servers=servers)
    for ident, client in enumerate([0, 0, 1, 2, 3]):
        recorder._add_lane(ident, f"worker-{client}" if client else "listener", client)
    recorder._add_lane(9, "GUI", 0)
    recorder._add_lane(10, "worker-4", 4).end_ns = 5
    timeline.update()

    def shown() -> list[str]:
        return [row.track.lane.name if row.track else row.group for row in timeline.rows()]

    assert shown() == [
        "GUI", "server1", "listener", "worker-1", "worker-3", "server2", "listener", "worker-2",
        "ended", "worker-4",
    ]  # fmt: skip
    heads = [(row.title, row.threads) for row in timeline.rows() if row.title]
    assert heads == [("TCP 8080", 3), ("TLS 8443 泵", 2)]
    timeline.fold("server1", folded=True)
    assert shown()[:3] == ["GUI", "server1", "server2"]
    servers.named = {}
    assert shown()[:4] == ["GUI", "listener", "listener", "running"]
