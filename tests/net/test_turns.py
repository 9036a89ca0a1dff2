"""Clients that flood take turns: nobody is left out, and nobody who is held up holds up others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from app.journal.entry import Kind
from app.net import turns
from app.net.facts import ClientState
from app.net.turns import AT_ONCE, Turns
from app.reply import FixedReply
from tests.net.rig import Rig, receive_all
from tests.support.wait import wait_until

BLOCK = bytes(range(256)) * 256


class Waiting:
    """Somebody who asks for a turn in a thread of their own."""

    def __init__(self, line: Turns) -> None:
        self._thread = threading.Thread(target=line.take, args=(self,))
        before = line.waiting
        self._thread.start()
        wait_until(lambda: line.waiting > before or not self.waits)

    @property
    def waits(self) -> bool:
        """Whether the turn has not come."""
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait for the turn."""
        self._thread.join(5)
        assert not self.waits


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody loses patience within a test."""
    monkeypatch.setattr(turns, "PATIENCE_S", 60.0)


@pytest.mark.usefixtures("patient")
def test_the_longest_waiting_is_next() -> None:
    line = Turns()
    having = [object() for _ in range(AT_ONCE)]
    for one in having:
        line.take(one)  # at once
    first, second = Waiting(line), Waiting(line)
    line.leave(having[0])
    first.join()
    assert second.waits
    line.leave(object())  # who has none ends none
    assert second.waits
    line.leave(having[1])
    second.join()
    assert not line.waiting


@pytest.mark.usefixtures("patient")
def test_a_turn_goes_on_while_nobody_waits_and_else_ends() -> None:
    line = Turns()
    having = [object() for _ in range(AT_ONCE)]
    for one in having * 3:
        line.take(one)
    other = Waiting(line)
    again = threading.Thread(target=line.take, args=(having[0],))
    again.start()
    other.join()  # it has the turn of the first, who waits now
    wait_until(lambda: line.waiting == 1)
    line.leave(having[1])
    again.join(5)
    assert not again.is_alive()


@pytest.mark.usefixtures("patient")
def test_all_turns_can_be_taken_for_a_while() -> None:
    line = Turns()
    with line.all_taken():
        assert line.having == AT_ONCE
        other = Waiting(line)
        assert other.waits
    other.join()
    assert line.having == 1


def test_nobody_waits_for_one_who_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.01)
    line = Turns()
    for _ in range(AT_ONCE):
        line.take(object())  # and never comes back
    for _ in range(2 * AT_ONCE):
        line.take(object())
    assert not line.waiting


def test_a_long_line_that_moves_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.1)
    line, at_work, most = Turns(), set[object](), []

    def work() -> None:
        me = object()
        line.take(me)
        at_work.add(me)
        most.append(len(at_work))
        time.sleep(turns.PATIENCE_S / 2)
        at_work.remove(me)
        line.leave(me)

    workers = [threading.Thread(target=work) for _ in range(5 * AT_ONCE)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(most) == 5 * AT_ONCE
    assert max(most) == AT_ONCE


def test_every_flood_gets_through(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(recv_size_bytes=1024)
    flooding = [rig.join() for _ in range(4 * AT_ONCE)]
    floods = [threading.Thread(target=client.sendall, args=(BLOCK * 8,)) for client, _ in flooding]
    for flood in floods:
        flood.start()
    for flood in floods:
        flood.join()
    for _, session in flooding:
        wait_until(lambda s=session: s.bytes_in == 8 * len(BLOCK))
        assert rig.stream(Kind.IN, session.client_id) == BLOCK * 8
    # All of them are online and silent: none of them keeps a turn.
    line = rig.server.shared.turns
    wait_until(lambda: not line.having)
    for client, session in flooding:
        client.sendall(b"!")
        wait_until(lambda s=session: s.bytes_in == 8 * len(BLOCK) + 1)
        client.close()
    wait_until(lambda: len(rig.seen.leaves) == len(flooding))
    assert not line.having


def test_floods_that_do_not_read_their_answers_hold_up_no_other(
    any_rig: Callable[..., Rig],
) -> None:
    rig = any_rig(reply=FixedReply("x" * 30_000), outbox_limit_bytes=64_000, recv_size_bytes=64)
    deaf = [rig.join(recv_buffer_bytes=4096) for _ in range(AT_ONCE)]
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
    rig.server.disconnect([session.client_id])
    reading.join()
