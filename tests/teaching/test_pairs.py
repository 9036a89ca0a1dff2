"""Calls are paired with what they brought about on the other side, and never with anything else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread

import pytest

from app.net.trace import Show, thread_begins, thread_ends
from app.teaching.calls import Clipped
from app.teaching.experiments.facts import Step
from app.teaching.pairs import CallPairs, Pair
from app.teaching.peers import PeerSocket
from app.teaching.recorder import MOST_CALLS, CallRecorder
from tests.teaching.experiments.test_on_show import play, recorder_of

HOST = "127.0.0.1"


@pytest.fixture
def recorder() -> Iterator[CallRecorder]:
    """One of its own, of this thread."""
    show = Show()
    made = CallRecorder(show=show)
    made.start({})
    thread_begins("main", show=show)
    yield made
    thread_ends()
    made.stop()
    thread_begins("main")


def dial(who: ExitStack) -> tuple[PeerSocket, PeerSocket]:
    with PeerSocket.listening("server", HOST) as listening:
        client = who.enter_context(PeerSocket("A"))
        client.connect(listening.getsockname())
        return client, who.enter_context(listening.accept()[0])


def recv(peer: PeerSocket, size_bytes: int) -> bytes:
    return peer.wait_and_recv(size_bytes, lambda: None)


def pairs_of(recorder: CallRecorder) -> CallPairs:
    pairs = CallPairs(recorder)
    pairs.update()
    return pairs


def told(pairs: list[Pair]) -> list[tuple[str, object, str, object]]:
    return [
        (cause.name, cause.arguments[:1], effect.name, effect.result)
        for cause, effect in pairs
        if cause.name != "connect"
    ]


def test_connect_with_accept_and_each_send_with_the_recvs_that_its_bytes_came_in(
    recorder: CallRecorder,
) -> None:
    with ExitStack() as stack:
        client, server = dial(stack)
        client.send(b"abcdef")
        client.send(b"gh")
        recv(server, 4)
        recv(server, 100)
        server.send(b"ok")
        recv(client, 100)
        client.shutdown(socket.SHUT_WR)
        recv(server, 100)
    pairs = pairs_of(recorder)
    assert [(p.cause.name, p.effect.name) for p in pairs.all[:1]] == [("connect", "accept")]
    assert told(pairs.all) == [
        ("send", (b"abcdef",), "recv", b"abcd"),
        ("send", (b"abcdef",), "recv", b"efgh"),
        ("send", (b"gh",), "recv", b"efgh"),
        ("send", (b"ok",), "recv", b"ok"),
        ("shutdown", (socket.SHUT_WR,), "recv", b""),
    ]
    first = pairs.all[1].cause
    assert [call.result for call in pairs.partners(first.id)] == [b"abcd", b"efgh"]
    last = pairs.all[2].effect
    assert [call.arguments[0] for call in pairs.partners(last.id)] == [b"abcdef", b"gh"]


def test_one_after_the_other_in_the_same_descriptors(recorder: CallRecorder) -> None:
    for word in (b"one", b"two"):
        with ExitStack() as stack:
            client, server = dial(stack)
            client.send(word)
            recv(server, 9)
    assert told(pairs_of(recorder).all) == [
        ("send", (word,), "recv", word) for word in (b"one", b"two")
    ]


def test_a_program_elsewhere_has_no_lane_and_so_no_pair(recorder: CallRecorder) -> None:
    with ExitStack() as stack:
        listening = stack.enter_context(PeerSocket.listening("server", HOST))
        address = listening.getsockname()
        far = stack.enter_context(socket.socket())
        dialling = Thread(target=far.connect, args=(address,))
        dialling.start()
        server = stack.enter_context(listening.accept()[0])
        dialling.join()
        far.sendall(b"x")
        recv(server, 9)
    assert pairs_of(recorder).all == []


def test_after_a_loss_only_what_is_certain(
    recorder: CallRecorder,
) -> None:
    pairs = CallPairs(recorder)
    with ExitStack() as stack:
        client, server = dial(stack)
        pairs.update()
        for _ in range(MOST_CALLS + 1):
            client.send(b"")
        client.send(b"late")
        recv(server, 9)
        pairs.update()
        assert told(pairs.all) == []
        other, its = dial(stack)
        other.send(b"new")
        recv(its, 9)
        pairs.update()
    assert told(pairs.all) == [("send", (b"new",), "recv", b"new")]


def data_of(value: object) -> tuple[bytes, int]:
    """The beginning of what was kept, and how long it was."""
    if isinstance(value, Clipped):
        return value.head, value.size_bytes
    assert isinstance(value, bytes)
    return value, len(value)


@pytest.mark.parametrize(
    "name", ["first-words", "queue-or-threads", "glued-messages", "split-messages", "goodbyes"]
)
def test_in_an_experiment_every_byte_sent_leads_to_where_it_was_read(name: str) -> None:
    lab = play(name)
    recorder = recorder_of(lab)
    pairs = pairs_of(recorder)
    lanes = {lane.number: lane for lane in recorder.lanes()}
    joined = [pair for pair in pairs.all if pair.effect.name == "accept"]
    assert len(joined) == len(lab.welcomed)
    for pair in joined:
        assert pair.effect.result[1][1] == lanes[pair.cause.lane].peer_port  # type: ignore[index]
    for pair in pairs.all:
        assert pair.cause.begin_ns <= pair.effect.end_ns
        if pair.cause.name == "send":
            sent, _ = data_of(pair.cause.arguments[0])
            heard, _ = data_of(pair.effect.result)
            assert heard in sent or sent in heard or sent[-1:] in heard
    moved = [
        call
        for call in recorder.calls_after(0)
        if call.name == "recv" and isinstance(call.result, (bytes, Clipped)) and call.result
    ]
    assert moved
    assert all(pairs.partners(call.id) for call in moved)
    lab.let_go()


@pytest.mark.parametrize("name", ["first-words", "glued-messages", "never-equal", "not-encryption"])
def test_a_step_speaks_of_calls_that_are_there(name: str) -> None:
    steps: list[Step] = []
    lab = play(name, steps.append)
    recorder = recorder_of(lab)
    speaking = [step for step in steps if step.calls]
    assert len(speaking) >= len(steps) // 2
    for step in speaking:
        for call_id in step.calls:
            assert call_id <= step.last_call
            assert recorder.call(call_id) is not None
    lab.let_go()
