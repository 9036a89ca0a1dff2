"""A crowd: its workers are let through two by two, whatever each of them does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from app.journal.entry import Kind
from app.net import crowd
from app.net.facts import ClientState, CloseReason
from app.reply import FixedReply
from tests.net.rig import Rig, receive_all, receive_exactly, reset
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

    rig = every_rig(reply=slow)
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
