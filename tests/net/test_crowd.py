"""A crowd: its workers are let through two by two, whatever each of them does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from app.journal.entry import Kind
from app.net import crowd
from app.net.crowd import Crowd, Gate
from app.net.facts import ClientState, CloseReason
from app.reply import FixedReply
from tests.net.rig import By, Rig, receive_all, receive_exactly, reset
from tests.support.wait import wait_until

BLOCK = bytes(range(256)) * 256
CLIENTS = 24


def test_all_are_served_and_leave_at_once(every_rig: Callable[..., Rig]) -> None:
    rig = every_rig(reply=FixedReply("ok"))
    clients = [rig.join() for _ in range(CLIENTS)]
    for number, (client, _) in enumerate(clients):
        client.sendall(b"%03d" % number)
    for client, _ in clients:
        assert receive_exactly(client, 2) == b"ok"
    for number, (_, session) in enumerate(clients):
        assert session.bytes_in == 3
        assert rig.stream(Kind.IN, session.client_id) == b"%03d" % number
    for client, _ in clients[::2]:
        client.close()
    for client, _ in clients[1::2]:
        reset(client)
    wait_until(lambda: len(rig.seen.leaves) == CLIENTS)
    assert {s.reason for _, s in clients[::2]} == {CloseReason.FIN}
    assert {s.reason for _, s in clients[1::2]} == {CloseReason.RESET}


def test_every_flood_gets_through(every_rig: Callable[..., Rig]) -> None:
    rig = every_rig(recv_size_bytes=1024)
    flooding = [rig.join() for _ in range(CLIENTS)]
    floods = [threading.Thread(target=client.sendall, args=(BLOCK * 4,)) for client, _ in flooding]
    for flood in floods:
        flood.start()
    for flood in floods:
        flood.join()
    for _, session in flooding:
        wait_until(lambda s=session: s.bytes_in == 4 * len(BLOCK))
        assert rig.stream(Kind.IN, session.client_id) == BLOCK * 4
    for client, session in flooding:
        client.sendall(b"!")
        wait_until(lambda s=session: s.bytes_in == 4 * len(BLOCK) + 1)


def test_floods_that_do_not_read_their_answers_hold_up_no_other(
    every_rig: Callable[..., Rig],
) -> None:
    rig = every_rig(reply=FixedReply("x" * 30_000), outbox_limit_bytes=64_000, recv_size_bytes=64)
    deaf = [rig.join(recv_buffer_bytes=4096) for _ in range(3 * crowd.AT_ONCE)]
    for client, _ in deaf:
        client.setblocking(False)  # it is not read for ever

    def are_held_up() -> bool:
        for client, session in deaf:
            if session.state is ClientState.ONLINE:
                client.send(b"?" * 640)
        return all(session.state is ClientState.WAITING_FOR_PEER for _, session in deaf)

    wait_until(are_held_up)
    client, session = rig.join()
    reading = threading.Thread(target=receive_all, args=(client,))
    reading.start()
    client.sendall(b"?" * 6_400)
    wait_until(lambda: session.bytes_in == 6_400)
    rig.server.disconnect([session.ref])
    reading.join()


def test_nobody_waits_for_those_who_are_held_up(every_rig: Callable[..., Rig]) -> None:
    """By a debugger, a slow reply, a disk: the line moves on without them."""
    release = threading.Event()

    def slow(encoding: str, chunk: bytes) -> bytes:
        if chunk == b"slow":
            release.wait(10)
        return chunk

    rig = every_rig(reply=By(slow))
    held_up = [rig.join() for _ in range(3 * crowd.AT_ONCE)]
    try:
        for client, session in held_up:
            client.sendall(b"slow")
            wait_until(lambda s=session: s.bytes_in == 4)
        client, _ = rig.join()
        client.sendall(b"quick")
        assert receive_exactly(client, 5) == b"quick"
    finally:
        release.set()
    for client, _ in held_up:
        assert receive_exactly(client, 4) == b"slow"


def test_closing_the_port_under_floods_leaves_nothing(every_rig: Callable[..., Rig]) -> None:
    rig = every_rig()
    flooding = [rig.join() for _ in range(CLIENTS)]

    def flood(index: int) -> None:
        with suppress(OSError):
            while True:
                flooding[index][0].sendall(BLOCK)

    floods = [threading.Thread(target=flood, args=(index,)) for index in range(CLIENTS)]
    for thread in floods:
        thread.start()
    for _, session in flooding:
        wait_until(lambda s=session: s.bytes_in)
    rig.stop()
    for thread in floods:
        thread.join()
    assert rig.server.stuck == 0
    assert {s.reason for _, s in flooding} == {CloseReason.SERVER_CLOSED}
    assert len(rig.entries(Kind.OFFLINE)) == CLIENTS


class Visitor:
    """A worker at its gate; `passed` gets its name when it is let in, and it comes out again."""

    def __init__(self, name: str, turnstile: Crowd, passed: list[str]) -> None:
        self.ours, self.peer = socket.socketpair()
        self.gate = Gate(turnstile, self.ours.fileno())
        self._name, self._passed = name, passed
        self._thread: threading.Thread | None = None

    def wait(self, *, more: bool, again: bool) -> None:
        self._thread = threading.Thread(target=self._visit, args=(more, again))
        self._thread.start()

    def _visit(self, more: bool, again: bool) -> None:
        assert self.gate.wait(more=more, again=again)
        self._passed.append(self._name)
        self.gate.step_aside()

    def leave(self) -> None:
        if self._thread is not None:
            self._thread.join(10)
            assert not self._thread.is_alive()
        self.gate.leave()
        self.ours.close()
        self.peer.close()


@pytest.fixture
def turnstile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    """For one at a time, who is waited for."""
    monkeypatch.setattr(crowd, "AT_ONCE", 1)
    monkeypatch.setattr(crowd, "PATIENCE_S", 60.0)
    trouble: list[Exception] = []
    opened = Crowd(trouble.append)
    opened.open()
    yield opened
    assert opened.close(10)
    assert not trouble


def test_who_has_just_got_something_goes_before_those_who_flood(turnstile: Crowd) -> None:
    passed: list[str] = []
    names = ["inside", "flood 1", "flood 2", "flood 3", "begins", "quiet"]
    inside, *floods, begins, quiet = [Visitor(name, turnstile, passed) for name in names]
    assert inside.gate.wait(more=True, again=False)
    for number, flood in enumerate(floods):
        flood.wait(more=True, again=True)
        wait_until(lambda n=number: len(turnstile._line) == n + 1)
    quiet.peer.send(b"!")
    quiet.wait(more=False, again=False)
    wait_until(lambda: quiet.gate.asks)
    begins.wait(more=True, again=False)
    wait_until(lambda: turnstile._fresh)
    inside.gate.step_aside()
    wait_until(lambda: len(passed) == 5)
    assert set(passed[:2]) == {"begins", "quiet"}
    assert passed[2:] == ["flood 1", "flood 2", "flood 3"]
    for visitor in (inside, *floods, begins, quiet):
        visitor.leave()


def test_those_who_flood_are_not_forgotten_over_the_others(turnstile: Crowd) -> None:
    passed: list[str] = []
    inside = Visitor("inside", turnstile, passed)
    assert inside.gate.wait(more=True, again=False)
    flood = Visitor("flood", turnstile, passed)
    flood.wait(more=True, again=True)
    wait_until(lambda: turnstile._line)
    others = [Visitor("other", turnstile, passed) for _ in range(3 * crowd.LINES_TURN)]
    for number, other in enumerate(others):
        other.wait(more=True, again=False)
        wait_until(lambda n=number: len(turnstile._fresh) == n + 1)
    inside.gate.step_aside()
    wait_until(lambda: len(passed) == len(others) + 1)
    assert passed.index("flood") < crowd.LINES_TURN
    for visitor in (inside, flood, *others):
        visitor.leave()


def test_who_is_held_up_is_not_waited_for(
    turnstile: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else comes and goes: the turnstile's own thread notices."""
    monkeypatch.setattr(crowd, "PATIENCE_S", 0.01)
    passed: list[str] = []
    held_up, next_one = (Visitor(name, turnstile, passed) for name in ("held up", "next"))
    assert held_up.gate.wait(more=True, again=False)
    next_one.wait(more=True, again=True)
    wait_until(lambda: passed == ["next"])
    for visitor in (held_up, next_one):
        visitor.leave()


def test_whoever_waits_when_it_closes_is_let_go(turnstile: Crowd) -> None:
    passed: list[str] = []
    inside, flood, quiet = (Visitor(name, turnstile, passed) for name in ("a", "flood", "quiet"))
    assert inside.gate.wait(more=True, again=False)
    flood.wait(more=True, again=True)
    quiet.wait(more=False, again=False)
    wait_until(lambda: turnstile._line and quiet.gate.asks)
    assert turnstile.close(10)
    wait_until(lambda: sorted(passed) == ["flood", "quiet"])
    assert inside.gate.wait(more=True, again=True) == 0  # everybody comes and goes
    for visitor in (inside, flood, quiet):
        visitor.leave()


def test_the_turnstile_is_one_thread(every_rig: Callable[..., Rig]) -> None:
    rig = every_rig()
    client, session = rig.join()
    client.sendall(b"Hello Neo")
    wait_until(lambda: session.bytes_in == 9)
    names = [name.split()[0] for name, _ in rig.server.threads().values()]
    assert sorted(names) == ["listener", "sender", "turnstile", "worker-1"]
    assert rig.server.thread_count == 4
    client.close()
    rig.wait_gone(session)
    rig.stop()
    assert "turnstile" not in [thread.name for thread in threading.enumerate()]
