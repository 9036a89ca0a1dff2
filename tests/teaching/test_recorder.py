"""The recorder keeps what real threads did."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.teaching.calls import Activity, Call, Clipped
from app.teaching.recorder import MOST_CALLS, CallRecorder
from tests.net.rig import Rig, reset
from tests.support.wait import wait_until


@pytest.fixture
def recorder() -> Iterator[CallRecorder]:
    recorder = CallRecorder()
    yield recorder
    recorder.stop()


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(**options: object) -> Rig:
        rigs.append(Rig(tmp_path, **options).__enter__())
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.__exit__()


def received(recorder: CallRecorder) -> list[Call]:
    return [call for call in recorder.calls_after(0) if call.name == "recv"]


def test_a_recv_says_who_when_where_and_what(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    recorder.start({})
    rig = make_rig()
    client, _ = rig.join()
    wait_until(lambda: activities(recorder).get("worker-1") is Activity.RECEIVING)
    client.sendall(b"hello")
    wait_until(lambda: received(recorder))
    call = received(recorder)[0]
    assert (call.client_id, call.arguments, call.result) == (1, (1024,), b"hello")
    assert 0 < call.begin_ns < call.end_ns
    assert call.fileno > 2
    assert call.lines[0].module == "app.net.session"
    source = Path("app/net/session.py").read_text(encoding="utf-8").splitlines()
    assert "recv(" in source[call.lines[0].number - 1]
    assert recorder.call(call.id) is call


def activities(recorder: CallRecorder) -> dict[str, Activity]:
    return {lane.name.split()[0]: lane.activity for lane in recorder.lanes()}


def test_threads_that_ran_before_are_known_with_the_call_they_stand_in(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    rig = make_rig()
    client, session = rig.join()
    client.sendall(b"before")
    wait_until(lambda: session.bytes_in)
    recorder.start(rig.server.threads())
    wait_until(
        lambda: (
            activities(recorder)
            == {
                "listener": Activity.ACCEPTING,
                "sender": Activity.IDLE,
                "turnstile": Activity.IDLE,
                "worker-1": Activity.RECEIVING,
            }
        )
    )
    client.sendall(b"after")
    wait_until(lambda: received(recorder))
    assert received(recorder)[0].result == b"after"
    assert received(recorder)[0].begin_ns == recorder.started_ns
    assert len(recorder.lanes()) == 4


@pytest.mark.parametrize(
    ("leave", "is_result"),
    [
        (socket.socket.close, lambda result: result == b""),
        (reset, lambda result: isinstance(result, OSError) and "reset" in str(result)),
    ],
)
def test_a_recv_that_waited_before_tells_how_it_ended(
    recorder: CallRecorder,
    make_rig: Callable[..., Rig],
    leave: Callable[[socket.socket], None],
    is_result: Callable[[object], bool],
) -> None:
    rig = make_rig()
    client, session = rig.join()
    client.sendall(b"before")
    wait_until(lambda: session.bytes_in)
    recorder.start(rig.server.threads())
    leave(client)
    wait_until(lambda: received(recorder))
    assert is_result(received(recorder)[0].result)


def test_a_recv_that_waited_before_ends_before_its_entry(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    rig = make_rig()
    client, session = rig.join()
    client.sendall(b"before")
    wait_until(lambda: session.bytes_in)
    recorder.start(rig.server.threads())
    client.sendall(b"after")
    wait_until(lambda: received(recorder))
    wait_until(lambda: len(rig.entries(Kind.IN)) == 2)
    before, entry = rig.entries(Kind.IN)
    assert before.mono_ns < received(recorder)[0].end_ns <= entry.mono_ns


def test_an_ended_thread_keeps_its_lane(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    recorder.start({})
    rig = make_rig()
    client, _ = rig.join()
    client.close()
    wait_until(lambda: activities(recorder).get("worker-1") is Activity.ENDED)
    assert received(recorder)[-1].result == b""


def test_memory_is_bounded_and_says_what_it_let_go(recorder: CallRecorder) -> None:
    recorder.start({})
    for n in range(MOST_CALLS + 5):
        recorder.calling("recv", None, (n,))
        recorder.returned("recv", None, (n,), bytes(1000))
    assert (recorder.last_id, recorder.let_go) == (MOST_CALLS + 5, 5)
    assert recorder.call(5) is None
    first = recorder.call(6)
    assert first is not None
    assert first.result == Clipped(bytes(64), 1000)
    assert [call.id for call in recorder.calls_after(MOST_CALLS)] == [
        MOST_CALLS + n for n in range(1, 6)
    ]
    assert len(recorder.calls_after(0)) == MOST_CALLS


def test_slow_motion_holds_the_worker_and_hurry_lets_it_go(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    recorder.start({})
    recorder.slow_down(600.0)
    rig = make_rig()
    client, session = rig.join()
    client.sendall(b"x")
    wait_until(lambda: activities(recorder).get("worker-1") is Activity.HELD)
    assert session.bytes_in == 0
    recorder.hurry()
    wait_until(lambda: session.bytes_in == 1)


def test_many_threads_at_once(recorder: CallRecorder) -> None:
    recorder.start({})

    def work() -> None:
        recorder.thread_begins(threading.current_thread().name, 0)
        for n in range(200):
            recorder.calling("recv", None, (n,))
            recorder.returned("recv", None, (n,), b"")
        recorder.thread_ends()

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = recorder.calls_after(0)
    assert [call.id for call in calls] == list(range(1, 4001))
    for lane in recorder.lanes():
        mine = [call.arguments[0] for call in calls if call.lane == lane.number]
        assert mine == list(range(200))
