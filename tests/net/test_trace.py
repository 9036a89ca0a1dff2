"""What a tracer is told, and that nobody is told when nobody looks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from app.net import trace
from app.net.trace import Show
from app.net.traced_socket import TracedSocket
from app.reply import FixedReply
from tests.net.rig import Rig
from tests.support.wait import wait_until


class Listener:
    """Keeps what it is told, with the thread that told it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, object]] = []
        self.begun: list[str] = []
        self.ended = 0

    def thread_begins(self, name: str, client_id: int) -> None:
        self.begun.append(name)

    def thread_ends(self) -> None:
        self.ended += 1

    def calling(self, name: str, owner: object, arguments: tuple[object, ...]) -> None:
        pass

    def returned(
        self, name: str, owner: object, arguments: tuple[object, ...], result: object
    ) -> None:
        # Not current_thread(): for a thread of Qt's it would make an entry that stays.
        names = {t.ident: t.name for t in threading.enumerate()}
        self.told.append((names.get(threading.get_ident(), "?"), name, result))

    def results(self, call: str) -> list[object]:
        return [result for _, name, result in list(self.told) if name == call]


@pytest.fixture
def listener() -> Iterator[Listener]:
    looker = Listener()
    trace.set_tracer(looker)
    yield looker
    trace.set_tracer(None)


def test_every_call_of_the_tutorial_is_told(
    listener: Listener, make_rig: Callable[..., Rig]
) -> None:
    rig = make_rig(reply=FixedReply("好"))
    client, session = rig.join()
    client.sendall("你好".encode("gbk"))
    assert client.recv(64) == "好".encode("gbk")
    client.close()
    rig.wait_gone(session)
    rig.stop()
    names = [name for _, name, _ in listener.told]
    # The worker may have received before the listener's "start" returns: each thread has its order.
    for order in (
        ["socket", "bind", "listen", "accept", "start"], ["accept", "recv", "send", "close"],
    ):  # fmt: skip
        assert sorted(order, key=names.index) == order
    assert listener.results("recv") == ["你好".encode("gbk"), b""]
    assert listener.results("send") == [2]
    worker = next(thread for thread, name, _ in listener.told if name == "recv")
    assert worker.startswith("worker-1 127.0.0.1:")
    assert {"listener", "sender", "turnstile", worker} == set(listener.begun)
    wait_until(lambda: listener.ended == 4)


def test_a_failed_call_tells_its_error(listener: Listener) -> None:
    with TracedSocket(2, 1) as unconnected, pytest.raises(OSError, match="not connected"):
        unconnected.shutdown(2)
    assert isinstance(listener.results("shutdown")[0], OSError)


def test_a_tracer_is_told_of_the_recv_that_waits(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    client.sendall(b"before")
    wait_until(lambda: session.bytes_in == 6)
    looker = Listener()
    trace.set_tracer(looker)
    try:
        client.sendall(b"waited for")
        wait_until(lambda: session.bytes_in == 16)
        client.sendall(b"after")
        wait_until(lambda: looker.results("recv") == [b"waited for", b"after"])
    finally:
        trace.set_tracer(None)
    client.sendall(b"unseen")
    wait_until(lambda: session.bytes_in == 27)
    assert looker.results("recv") == [b"waited for", b"after"]


def test_a_wire_made_while_somebody_looks_receives_afterwards(any_rig: Callable[..., Rig]) -> None:
    trace.set_tracer(Listener())
    try:
        rig = any_rig()
        client, session = rig.join()
    finally:
        trace.set_tracer(None)
    client.sendall(b"x")
    wait_until(lambda: session.bytes_in == 1)


def test_windows_turns_are_told_as_one_call(
    listener: Listener, any_rig: Callable[..., Rig]
) -> None:
    rig = any_rig()
    client, session = rig.join()
    client.sendall(b"x")
    wait_until(lambda: session.bytes_in == 1)
    rig.stop()
    assert listener.results("recv")[0] == b"x"
    assert not any(isinstance(result, TimeoutError) for result in listener.results("recv"))


def test_a_server_that_is_not_on_show_tells_nothing(
    listener: Listener, make_rig: Callable[..., Rig]
) -> None:
    rig = make_rig(reply=FixedReply("好"), show=Show())
    opened = len(listener.told)  # the test's own thread opens the port, and is on show
    client, session = rig.join()
    client.sendall(b"x")
    assert client.recv(64) == "好".encode("gbk")
    client.close()
    rig.wait_gone(session)
    rig.stop()
    assert listener.told[opened:] == []
    assert listener.begun == []
    assert listener.ended == 0
