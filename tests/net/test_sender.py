"""The sender outlives whatever fails: it is reported, and sends and disconnects go on."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.journal.entry import Kind
from app.journal.journal import Journal
from app.net import server
from app.net.facts import SendReport, SendResult
from app.net.session import Session
from app.net.wire import BlockingWire
from tests.net.rig import Rig, receive_exactly
from tests.support.wait import wait_until

BIG_BYTES = 8_000_000
NO_WATCHES = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Trouble:
    """Raises what it is told to, so many times."""

    def __init__(self) -> None:
        self.error: BaseException = RuntimeError("trouble")
        self.times = 0

    def arrive(self) -> None:
        if self.times > 0:
            self.times -= 1
            raise self.error


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


def troubled(function: Callable[..., Any], trouble: Trouble) -> Callable[..., Any]:
    def call(*arguments: object) -> Any:
        trouble.arrive()
        return function(*arguments)

    return call


def errors(rig: Rig) -> list[str]:
    return [entry.detail["error"] for entry in rig.entries(Kind.SERVER_ERROR)]


def goes_on(rig: Rig) -> None:
    """A client is written to and disconnected, and each is told."""
    client, session = rig.join()
    report = rig.server.send([(session.ref, b"still here", "")])
    assert receive_exactly(client, 10) == b"still here"
    assert outcome(rig, report, session) is SendResult.SENT
    rig.server.disconnect([session.ref])
    assert client.recv(1) == b""
    rig.wait_gone(session)


def outcome(rig: Rig, report: SendReport, session: Session) -> SendResult:
    wait_until(lambda: any(r.finished and r.send_id == report.send_id for r in rig.seen.reports))
    return report.results[session.client_id]


@pytest.mark.usefixtures("loose_outlets")
@pytest.mark.parametrize("error", [RuntimeError("no"), MemoryError(), SystemError("C")])
def test_an_order_that_fails(rig: Rig, trouble: Trouble, error: Exception) -> None:
    trouble.error, trouble.times = error, 1
    _, session = rig.join()
    session.outlet.end = troubled(session.outlet.end, trouble)  # type: ignore[method-assign]
    rig.server.disconnect([session.ref])
    wait_until(lambda: errors(rig) == [str(error) or type(error).__name__])
    goes_on(rig)


@pytest.fixture
def loose_outlets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outlets whose methods can be replaced."""
    from app.net import session as module

    class LooseOutlet(module.Outlet):
        pass

    monkeypatch.setattr(module, "Outlet", LooseOutlet)


@pytest.mark.usefixtures("loose_outlets")
def test_one_client_that_fails_costs_no_other(rig: Rig, trouble: Trouble) -> None:
    trouble.times = 1
    _, first = rig.join()
    client, second = rig.join()
    first.outlet.send = troubled(first.outlet.send, trouble)  # type: ignore[method-assign]
    report = rig.server.send([(s.ref, b"x", "") for s in (first, second)])
    assert client.recv(1) == b"x"
    assert outcome(rig, report, first) is SendResult.FAILED
    assert outcome(rig, report, second) is SendResult.SENT
    assert errors(rig) == ["trouble"]
    goes_on(rig)


def test_a_watcher_that_fails(rig: Rig, trouble: Trouble) -> None:
    trouble.times = 3
    for name in ("joined", "sent", "left"):
        setattr(rig.seen, name, troubled(getattr(rig.seen, name), trouble))
    client = rig.dial()
    wait_until(lambda: trouble.times == 2)
    (session,) = rig.server.roster()
    rig.server.send([(session.ref, b"a", "")])
    assert client.recv(1) == b"a"
    wait_until(lambda: trouble.times == 1)
    rig.server.disconnect([session.ref])
    assert client.recv(1) == b""
    wait_until(lambda: trouble.times == 0)
    wait_until(lambda: not rig.server.roster())
    wait_until(lambda: len(errors(rig)) == 3)
    assert rig.entries(Kind.OFFLINE, session.client_id)
    goes_on(rig)


def test_a_watcher_that_fails_when_what_waited_is_settled(rig: Rig, trouble: Trouble) -> None:
    """By the worker of a client that leaves: its departure must still be recorded."""
    _client, session = rig.join(recv_buffer_bytes=4096)
    rig.server.send([(session.ref, bytes(BIG_BYTES), "")])
    wait_until(lambda: rig.seen.reports)
    rig.seen.sent = troubled(rig.seen.sent, trouble)  # type: ignore[method-assign]
    trouble.times = 1
    rig.server.disconnect([session.ref])
    rig.wait_gone(session)
    assert trouble.times == 0
    assert rig.entries(Kind.OFFLINE, session.client_id)
    goes_on(rig)


class TroubledJournal(Journal):
    """Runs out of memory when something was sent."""

    trouble = Trouble()

    def append(self, client_id: int, kind: int, *rest: Any) -> int:
        if kind == Kind.OUT:
            self.trouble.arrive()
        return super().append(client_id, kind, *rest)


def test_a_journal_that_fails(tmp_path: Path) -> None:
    """What was sent is never sent again, and everything else follows."""
    journal = TroubledJournal(tmp_path / "journal.db")
    journal.trouble = trouble = Trouble()
    trouble.error = MemoryError()
    with Rig(tmp_path, journal=journal) as rig:
        client, session = rig.join()
        trouble.times = 1
        data = os.urandom(300_000)
        report = rig.server.send([(session.ref, data, "")])
        assert receive_exactly(client, len(data)) == data
        assert outcome(rig, report, session) is SendResult.SENT
        assert errors(rig) == ["MemoryError"]
        goes_on(rig)
    journal.close()


class TroubledWire(BlockingWire):
    """A socket that fails in a way no socket should."""

    trouble = Trouble()

    def send(self, data: bytes | memoryview, /) -> int:
        self.trouble.arrive()
        return super().send(data)


def test_a_socket_that_fails_strangely_is_tried_again(make_rig: Callable[..., Rig]) -> None:
    TroubledWire.trouble = trouble = Trouble()
    rig = make_rig(wire=TroubledWire)
    client, session = rig.join()
    trouble.error, trouble.times = MemoryError(), 1
    report = rig.server.send([(session.ref, b"late", "")])
    assert receive_exactly(client, 4) == b"late"
    assert outcome(rig, report, session) is SendResult.SENT
    goes_on(rig)


@pytest.mark.parametrize("name", ["watch", "forget"])
def test_a_system_that_watches_no_more_sockets(rig: Rig, trouble: Trouble, name: str) -> None:
    """Like fs.epoll.max_user_watches: what waits is tried again by and by."""
    readiness = rig.server._engine.sender._readiness
    setattr(readiness, name, troubled(getattr(readiness, name), trouble))
    trouble.error, trouble.times = NO_WATCHES, 1
    client, session = rig.join(recv_buffer_bytes=4096)
    report = rig.server.send([(session.ref, bytes(BIG_BYTES), "")])
    if name == "watch":
        wait_until(lambda: errors(rig))
    assert receive_exactly(client, BIG_BYTES) == bytes(BIG_BYTES)
    assert outcome(rig, report, session) is SendResult.SENT
    assert trouble.times == 0
    goes_on(rig)


def test_waiting_for_sockets_fails(rig: Rig, trouble: Trouble) -> None:
    readiness = rig.server._engine.sender._readiness
    readiness.wait = troubled(readiness.wait, trouble)  # type: ignore[method-assign]
    trouble.error, trouble.times = OSError(errno.EBADF, "bad"), 3
    goes_on(rig)
    wait_until(lambda: trouble.times == 0)
    assert len(errors(rig)) == 1  # the same one is told once
    goes_on(rig)


def test_a_client_that_cannot_be_looked_at(
    make_rig: Callable[..., Rig], trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig()
    monkeypatch.setattr("app.net.in_flight.look", lambda _: trouble.arrive())
    trouble.times = 1
    client, session = rig.join()
    rig.server.send([(session.ref, b"x", "")])
    assert client.recv(1) == b"x"
    wait_until(lambda: errors(rig) == ["trouble"])
    goes_on(rig)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_its_thread_is_dead_everybody_carries_out_their_own(rig: Rig) -> None:
    def end_the_thread() -> None:
        raise SystemExit

    rig.server._engine.sender._order(end_the_thread)
    wait_until(lambda: errors(rig) == ["the sender has ended"])
    goes_on(rig)


@pytest.fixture
def held_worker() -> Iterator[threading.Event]:
    release = threading.Event()
    yield release
    release.set()


def test_what_a_stuck_worker_never_settles_is_settled(
    make_rig: Callable[..., Rig],
    held_worker: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "STOP_DEADLINE_S", 0.2)

    class StuckWire(BlockingWire):
        def prepare(self, keepalive_s: int) -> None:
            super().prepare(keepalive_s)
            held_worker.wait()

    rig = make_rig(wire=StuckWire)
    _, session = rig.join(recv_buffer_bytes=4096)
    reports = [rig.server.send([(session.ref, bytes(BIG_BYTES), "")]) for _ in range(2)]
    wait_until(lambda: session.waiting_bytes > BIG_BYTES)
    rig.stop()
    assert rig.server.stuck == 1
    for report in reports:
        assert report.finished
        assert report.results == {session.client_id: SendResult.GONE}
    told = len(rig.seen.reports)
    held_worker.set()
    rig.wait_gone(session)
    assert session.unsent_bytes > BIG_BYTES
    assert len(rig.seen.reports) == told  # nothing is told twice
