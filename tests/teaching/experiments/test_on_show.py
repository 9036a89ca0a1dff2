"""What an experiment records of its own server, threads and clients, beside the user's."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.net import trace
from app.reply import EchoReply
from app.teaching.calls import Call, Clipped, Lane
from app.teaching.experiments.bench import Bench, Client
from app.teaching.experiments.catalogue import EXPERIMENTS
from app.teaching.experiments.facts import Result, Step
from app.teaching.experiments.lab import Cancelled, Lab
from app.teaching.recorder import CallRecorder
from tests.support.machine import here_s


def ignore(_news: object = None) -> None:
    pass


def run(lab: Lab, experiment: Callable[[Lab], Result]) -> None:
    """Run it in a thread of its own, as the program does; raise what it raises."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lab.run, experiment).result(60)


def play(name: str, on_step: Callable[[Step], object] = ignore) -> Lab:
    """Play an experiment to its end; whoever asks for it lets its lab go."""
    lab = Lab(on_step, lambda: None)
    run(lab, EXPERIMENTS[name].run)
    return lab


def recorder_of(lab: Lab) -> CallRecorder:
    assert lab.recorder is not None
    return lab.recorder


def lane_names(lab: Lab) -> list[str]:
    return [lane.name for lane in recorder_of(lab).lanes()]


def calls_of(lab: Lab, lane: Lane) -> list[Call]:
    return [call for call in recorder_of(lab).calls_after(0) if call.lane == lane.number]


def test_server_threads_and_both_clients_have_lanes() -> None:
    lab = play("queue-or-threads")
    names = lane_names(lab)
    assert names.count("listener") == 2  # one for each of the two servers
    assert names.count("A") == names.count("B") == 2
    assert sum(name.startswith("worker-") for name in names) == 2  # of the second server alone
    assert all(lane.end_ns for lane in recorder_of(lab).lanes())
    lab.let_go()


def test_a_client_connects_sends_hears_and_closes_in_its_own_lane() -> None:
    lab = play("first-words")
    client = next(lane for lane in recorder_of(lab).lanes() if lane.name == "A")
    calls = calls_of(lab, client)
    assert [call.name for call in calls][:4] == ["socket", "connect", "send", "recv"]
    assert calls[-1].name == "close"
    assert client.peer_port == lab.welcomed[0].endpoint.port
    lab.let_go()


def test_the_user_s_recorder_and_the_experiment_s_hear_nothing_of_each_other() -> None:
    users = CallRecorder()
    users.start({})
    try:
        near, far = socket.socketpair()
        with near, far:
            lab = play("first-words")
            seen = {lane.name for lane in users.lanes()}
            assert not seen & {"listener", "A", "main", "sender"}
            assert trace.told("recv", None, lambda: b"mine") == b"mine"
    finally:
        users.stop()
    assert [call.result for call in users.calls_after(0)] == [b"mine"]
    assert all(call.result != b"mine" for call in recorder_of(lab).calls_after(0))
    assert not trace.is_watched
    lab.let_go()


def test_no_time_passes_while_a_step_is_talked_about() -> None:
    talked = threading.Event()

    def talk(_step: Step) -> None:
        talked.wait(0.2)

    lab = Lab(talk, lambda: None)
    began_s = time.monotonic()
    run(lab, EXPERIMENTS["first-words"].run)
    took_s = time.monotonic() - began_s
    recorder = recorder_of(lab)
    steps = len(EXPERIMENTS["first-words"].steps)
    assert (recorder.ended_ns - recorder.started_ns) / 1e9 <= took_s - 0.2 * steps + 0.05
    with closing(lab.journal.reader()) as reader:
        entries = reader.entries(1, reader.last_id)
    last = recorder.calls_after(0)[-1]
    assert recorder.clock.monotonic_ns(last.end_ns) >= entries[-2].mono_ns - 10**9
    lab.let_go()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals are made where no other program makes its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("portside-*"))


def test_the_journal_can_be_read_until_it_is_let_go_and_leaves_nothing() -> None:
    before = folders()
    lab = play("queue-or-threads")
    with closing(lab.journal.reader()) as reader:
        assert reader.last_id > 10
    assert folders() > before
    lab.let_go()
    lab.let_go()  # twice does no harm
    assert folders() == before


def test_who_is_let_go_before_the_end_keeps_nothing() -> None:
    before = folders()
    lab = Lab(lambda _step: lab.let_go(), lambda: None)
    run(lab, EXPERIMENTS["first-words"].run)
    assert folders() == before


def test_a_cancelled_run_is_kept_and_leaves_nothing() -> None:
    before = folders()
    lab = Lab(lambda _step: lab.cancel(), lambda: None)
    with pytest.raises(Cancelled):
        run(lab, EXPERIMENTS["queue-or-threads"].run)
    assert "A" in lane_names(lab)
    with closing(lab.journal.reader()) as reader:
        assert reader.last_id > 1
    lab.let_go()
    assert folders() == before
    assert not trace.is_watched


def test_recording_a_class_full_of_clients_takes_a_bounded_share() -> None:
    """50 clients send 20 messages each; the recording's own work is a fraction of the play's."""

    def crowd(lab: Lab) -> Result:
        bench = Bench(lab, reply=EchoReply())
        clients: list[Client] = [bench.join()[0] for _ in range(50)]
        for _ in range(20):
            for client in clients:
                client.send(b"hello")
            for client in clients:
                assert client.recv() == b"hello"
        return Result(())

    def cost_s(lab: Lab) -> float:
        began_s = time.process_time()
        run(lab, crowd)
        took_s = time.process_time() - began_s
        lab.let_go()
        return took_s

    bare_s = min(cost_s(Lab(ignore)) for _ in range(2))
    recorded = Lab(ignore, lambda: None)
    recorded_s = min(cost_s(recorded), cost_s(Lab(ignore, lambda: None)))
    sent = [call for call in recorder_of(recorded).calls_after(0) if call.name == "send"]
    assert len(sent) == 50 * 20 * 2  # every client's, and every answer
    assert not any(isinstance(call.result, Clipped) for call in sent)
    assert recorded_s - bare_s < here_s(1.0)  # 1,000 messages a second: never all of it
