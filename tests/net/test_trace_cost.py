"""The trace points are guards, not calls. `tests.bench.trace_cost` measures them in a flood."""

from __future__ import annotations

from app.net import trace
from app.net.wire import BlockingWire, PatientWire
from tests.bench.trace_cost import figures, points_ns
from tests.net.test_trace import Listener

CHUNK_NS = 5_000  # less than a chunk of 1 KiB takes on a fast machine
DEAR_NS = 60  # a Python call in between costs more than that


def test_nothing_stands_between_a_worker_and_the_plain_recv() -> None:
    for wire in (BlockingWire, PatientWire):
        assert wire.recv is wire._recv
        trace.set_tracer(Listener())
        try:
            assert wire.recv is not wire._recv
        finally:
            trace.set_tracer(None)
        assert wire.recv is wire._recv


def test_the_points_are_cheap_while_nobody_looks() -> None:
    # On a busy machine one measurement may be anything: the best of some counts.
    best = min((points_ns() for _ in range(3)), key=lambda points: sum(points.values()))
    assert best["recv_ns"] < DEAR_NS
    assert best["send_ns"] < DEAR_NS
    assert figures(CHUNK_NS)["points_per_chunk"] == 1
