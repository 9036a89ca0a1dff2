"""A crowd: its workers are let through in groups, whatever each of them does."""

from __future__ import annotations

import select
import threading
from collections.abc import Callable

import pytest

from app.net import server, turnstile
from app.net.facts import CloseReason
from app.reply import FixedReply
from tests.net.rig import Rig, receive_exactly, reset
from tests.support.wait import wait_until

pytestmark = pytest.mark.skipif(not turnstile.IS_KNOWN, reason="every worker waits in recv here")

CLIENTS = 3 * turnstile.AT_ONCE


@pytest.fixture
def crowd(make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Rig]:
    """Return a maker of servers for which the third client already is one of a crowd."""
    monkeypatch.setattr(server, "FREE", 2)
    return make_rig


def test_a_crowd_is_served_and_leaves_all_at_once(crowd: Callable[..., Rig]) -> None:
    rig = crowd(reply=FixedReply("ok"))
    clients = [rig.join() for _ in range(CLIENTS)]
    for number, (client, _) in enumerate(clients):
        client.sendall(b"%03d" % number)
    for client, _ in clients:
        assert receive_exactly(client, 2) == b"ok"
    for number, (_, session) in enumerate(clients):
        assert session.bytes_in == 3
        assert rig.stream(0, session.client_id) == b"%03d" % number
    for client, _ in clients[::2]:
        client.close()
    for client, _ in clients[1::2]:
        reset(client)
    wait_until(lambda: len(rig.seen.leaves) == CLIENTS)
    assert {s.reason for _, s in clients[::2]} == {CloseReason.FIN}
    assert {s.reason for _, s in clients[1::2]} == {CloseReason.RESET}


def test_closing_the_port_ends_a_crowd(crowd: Callable[..., Rig]) -> None:
    rig = crowd()
    clients = [rig.join() for _ in range(CLIENTS)]
    rig.stop()
    assert {s.reason for _, s in clients} == {CloseReason.SERVER_CLOSED}
    assert rig.server.stuck == 0


def test_who_takes_long_does_not_hold_up_the_others(
    crowd: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers that answer clients which do not read wait for them; the rest goes on."""
    monkeypatch.setattr(turnstile, "AT_ONCE", 2)
    rig = crowd(reply=FixedReply("x" * 60_000), outbox_limit_bytes=64_000)
    deaf = [rig.join(recv_buffer_bytes=4096) for _ in range(2 + 2 * turnstile.AT_ONCE)]

    def are_held_up() -> bool:
        for client, _ in deaf:
            client.send(b"?")
        return all(session.waiting_bytes for _, session in deaf)

    wait_until(are_held_up)
    client, session = rig.join()
    client.sendall(b"?")
    assert len(receive_exactly(client, 60_000)) == 60_000
    assert session.bytes_in == 1


def test_a_small_company_needs_no_turnstile(rig: Rig) -> None:
    rig.join()
    assert "turnstile" not in [thread.name for thread in threading.enumerate()]


def test_its_thread_is_there_only_while_a_crowd_is(crowd: Callable[..., Rig]) -> None:
    rig = crowd()
    threads = rig.server.thread_count
    for _ in range(3):
        clients = [rig.join() for _ in range(4)]
        assert "turnstile" in [name for name, _ in rig.server.threads().values()]
        for client, session in clients:
            client.sendall(b"x")
            wait_until(lambda s=session: s.bytes_in == 1)
            client.close()
        wait_until(lambda: rig.server.thread_count == threads)
        wait_until(lambda: "turnstile" not in [t.name for t in threading.enumerate()])


def test_where_there_is_no_epoll_every_worker_waits_in_recv(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and macOS."""
    monkeypatch.delattr(select, "epoll", raising=False)
    for module in (server, turnstile):
        monkeypatch.setattr(module, "IS_KNOWN", False)
    monkeypatch.setattr(server, "FREE", 0)
    rig = make_rig()
    client, session = rig.join()
    client.sendall(b"Hello Neo")
    wait_until(lambda: session.bytes_in == 9)
    client.close()
    rig.wait_gone(session)
    assert "turnstile" not in [thread.name for thread in threading.enumerate()]
