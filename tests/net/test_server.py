"""Accepting: threads, names, limits, failures, and the end of everything."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain, repeat
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.net import process, server
from app.net.facts import ClientState, CloseReason, Endpoint
from tests.net.rig import By, Rig
from tests.support.wait import wait_until


def thread_named(name: str) -> threading.Thread:
    (found,) = [t for t in threading.enumerate() if t.name == name]
    return found


def test_each_client_has_a_daemon_thread_named_after_it(rig: Rig) -> None:
    clients = [rig.join() for _ in range(3)]
    for client, session in clients:
        host, port = client.getsockname()
        assert session.thread_name == f"worker-{session.client_id} {host}:{port}"
        assert thread_named(session.thread_name).daemon
    assert [session.client_id for _, session in clients] == [1, 2, 3]
    assert rig.server.thread_count == 6  # listener, sender, turnstile
    assert rig.server.roster() == tuple(session for _, session in clients)


def test_a_session_tells_where_it_stands(rig: Rig) -> None:
    before_ns, before_wall_ns = time.monotonic_ns(), time.time_ns()
    client, session = rig.join()
    assert (session.state, session.reason) == (ClientState.ONLINE, None)
    assert session.last_active_mono_ns >= before_ns
    assert before_wall_ns <= session.opened_ns <= time.time_ns()
    client.sendall(b"Hello Neo")
    wait_until(lambda: session.bytes_in == 9)
    client.close()
    rig.wait_gone(session)
    assert (session.state, session.reason) == (ClientState.OFFLINE, CloseReason.FIN)
    assert session.ref not in rig.server.sessions


def test_the_journal_tells_the_story_in_order(rig: Rig) -> None:
    client, session = rig.join()
    client.sendall(b"one")
    wait_until(lambda: session.bytes_in == 3)
    client.sendall(b"two")
    wait_until(lambda: session.bytes_in == 6)
    client.close()
    rig.wait_gone(session)
    told = [(e.kind, e.offset, e.data) for e in rig.entries(client_id=session.client_id)]
    assert told == [
        (Kind.ONLINE, 0, b"{}"),
        (Kind.IN, 0, b"one"),
        (Kind.IN, 3, b"two"),
        (Kind.OFFLINE, 0, b'{"reason":"fin","unsent_bytes":0,"error":""}'),
    ]
    reader = rig.journal.reader()
    record = reader.client(session.client_id)
    reader.close()
    assert record is not None
    assert (record.host, record.port) == session.endpoint
    assert (record.encoding, record.reason) == ("gbk", "fin")
    assert 0 < record.opened_ns <= record.closed_ns


def test_the_receive_size_can_change_while_it_runs(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(recv_size_bytes=4)
    client, session = rig.join()
    client.sendall(b"abcdefgh")
    wait_until(lambda: session.bytes_in == 8)
    rig.server.shared.recv_size_bytes = 1
    client.sendall(b"i")  # the recv that waits still asks for four
    wait_until(lambda: session.bytes_in == 9)
    client.sendall(b"jkl")
    wait_until(lambda: session.bytes_in == 12)
    chunks = [entry.data for entry in rig.entries(Kind.IN)]
    assert chunks == [b"abcd", b"efgh", b"i", b"j", b"k", b"l"]


def test_new_clients_get_the_encoding_of_now(rig: Rig) -> None:
    _, first = rig.join()
    rig.server.encoding = "utf-8"
    _, second = rig.join()
    assert (first.encoding, second.encoding) == ("gbk", "utf-8")


def test_above_the_limit_clients_are_refused_and_logged(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(max_clients=2)
    first, session = rig.join()
    rig.join()
    refused = rig.dial()
    assert refused.recv(1) == b""
    (entry,) = rig.entries(Kind.REFUSED)
    host, port = refused.getsockname()
    assert entry.detail == {
        "server_id": 1,
        "host": host,
        "port": port,
        "limit": 2,
        "why": "limit",
        "count": 1,
    }
    first.close()
    rig.wait_gone(session)
    rig.join()  # there is room again


def test_the_descriptor_limit_lowers_the_limit_of_clients(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(process, "RESERVED", soft - 1)
    rig = make_rig(max_clients=20_000)
    assert rig.server.max_clients == 1
    rig.join()
    assert rig.dial().recv(1) == b""


class Stumbling:
    """A listening socket whose accept fails at first."""

    def __init__(self, real: socket.socket, failures: Iterator[OSError | None]) -> None:
        self._real = real
        self._failures = failures

    def accept(self) -> tuple[socket.socket, object]:
        failure = next(self._failures)
        if failure is not None:
            raise failure
        return self._real.accept()

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> list[OSError | None]:
    """Errors that the next calls of accept raise."""
    failures: list[OSError | None] = []
    real = server.listen_at
    monkeypatch.setattr(
        server,
        "listen_at",
        lambda options: [Stumbling(s, chain(failures, repeat(None))) for s in real(options)],
    )
    return failures


def test_it_lives_through_running_out_of_descriptors(
    stumbling: list[OSError | None], make_rig: Callable[..., Rig]
) -> None:
    stumbling += [OSError(errno.EMFILE, os.strerror(errno.EMFILE))] * 3
    rig = make_rig()
    rig.join()
    (entry,) = rig.entries(Kind.SERVER_ERROR)  # three times in a row is one report
    assert "Too many open files" in entry.detail["error"]


def test_it_lives_through_real_exhaustion(rig: Rig) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(link.name) for link in Path("/proc/self/fd").iterdir()) + 2
    with ExitStack() as stack:
        client = stack.enter_context(socket.socket())
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
        try:
            while True:
                try:
                    stack.enter_context(open("/dev/null", "rb"))  # noqa: PTH123
                except OSError:
                    break
            client.connect(rig.endpoint)
            wait_until(lambda: rig.journal.last_id >= 2)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert rig.session_of(client).state is ClientState.ONLINE
        assert len(rig.entries(Kind.SERVER_ERROR)) == 1


def test_an_aborted_connection_is_no_error(
    stumbling: list[OSError | None], make_rig: Callable[..., Rig]
) -> None:
    stumbling += [ConnectionAbortedError(errno.ECONNABORTED, "aborted")]
    rig = make_rig()
    rig.join()
    assert not rig.entries(Kind.SERVER_ERROR)


def test_no_more_threads_is_the_end_of_one_client_only(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig()
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name.startswith("worker-1 "):
            raise RuntimeError("can't start new thread")
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    client, session = rig.join()
    assert client.recv(1) == b""
    rig.wait_gone(session)
    assert session.reason is CloseReason.ERROR
    assert "can't start new thread" in rig.entries(Kind.SERVER_ERROR)[0].detail["error"]
    assert rig.join()[1].state is ClientState.ONLINE


def test_stop_ends_everybody(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    clients = [rig.join() for _ in range(20)]
    rig.stop()
    assert all(client.recv(1) == b"" for client, _ in clients)
    assert {session.reason for _, session in clients} == {CloseReason.SERVER_CLOSED}
    assert rig.server.roster() == ()
    assert rig.entries()[-1].kind == Kind.SERVER_CLOSED
    assert rig.entries()[-1].detail == {"server_id": 1, "stuck": 0}
    with pytest.raises(ConnectionRefusedError):
        rig.dial()


def test_stop_twice_and_before_serving(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    rig.server.stop()
    rig.stop()
    rig.server.stop()  # all descriptors are closed by now
    assert [entry.kind for entry in rig.entries()] == [Kind.SERVER_OPENED, Kind.SERVER_CLOSED]


def test_stop_does_not_take_one_more_client(make_rig: Callable[..., Rig]) -> None:
    """A blocked accept lives on after close and takes one more client: ours is never blocked."""
    rig = make_rig()
    rig.stop()
    with socket.create_server(rig.endpoint) as other:
        client = rig.dial()
        accepted, _ = other.accept()
        with accepted:
            client.sendall(b"for the other")
            assert accepted.recv(20) == b"for the other"
    assert not rig.seen.joins


def test_what_does_not_stop_is_reported(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STOP_DEADLINE_S", 0.2)
    release = threading.Event()

    def stubborn(encoding: str, chunk: bytes) -> bytes:
        release.wait(10)
        return b""

    rig = make_rig(reply=By(stubborn))
    client, session = rig.join()
    client.sendall(b"x")
    wait_until(lambda: session.bytes_in == 1)
    rig.stop()
    assert rig.server.stuck == 1
    assert rig.entries(Kind.SERVER_CLOSED)[0].detail == {"server_id": 1, "stuck": 1}
    release.set()
    rig.wait_gone(session)


def test_the_roster_may_be_walked_while_clients_come_and_go(rig: Rig) -> None:
    ended = threading.Event()
    seen: set[Endpoint] = set()

    def come_and_go() -> None:
        while not ended.is_set():
            with socket.create_connection(rig.endpoint, 5):
                pass

    def enough_were_seen() -> bool:
        seen.update(session.endpoint for session in rig.server.roster())
        return len(seen) > 20 and len(rig.seen.leaves) > 200

    threads = [threading.Thread(target=come_and_go) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        wait_until(enough_were_seen, 60)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    wait_until(lambda: seen <= {session.endpoint for session in rig.seen.joins})


def test_open_and_close_again_and_again_under_fire(any_rig: Callable[..., Rig]) -> None:
    """No thread, no descriptor and no port is left; the full run is tests/bench/cycles.py."""
    first = any_rig()
    first.stop()
    ended = threading.Event()

    def fire() -> None:
        while not ended.is_set():
            try:
                with socket.create_connection(first.endpoint, 1) as client:
                    while not ended.is_set():
                        client.sendall(b"x" * 100)
            except OSError:  # closed just now: dial again
                continue

    threads = [threading.Thread(target=fire) for _ in range(10)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            rig = any_rig(port=first.endpoint.port)
            wait_until(lambda rig=rig: sum(s.bytes_in > 0 for s in rig.server.roster()) >= 5)
            rig.stop()
            assert rig.server.stuck == 0
    finally:
        ended.set()
        for thread in threads:
            thread.join()
