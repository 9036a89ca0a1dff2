"""One client at a time, served by the listener itself."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from app.journal.entry import Kind
from app.net.facts import CloseReason
from app.reply import EchoReply
from tests.net.rig import Rig
from tests.support.wait import wait_until


def test_the_second_client_waits_until_the_first_has_left(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(single_threaded=True, reply=EchoReply())
    first, session = rig.join()
    first.sendall(b"1")
    assert first.recv(8) == b"1"
    assert rig.server.served_here is session
    assert not rig.server.worker_count
    second = rig.dial()  # the kernel accepts it; the server has not
    second.sendall(b"2")
    if sys.platform == "linux":
        wait_until(lambda: rig.server.waiting_clients == 1)
    assert len(rig.seen.joins) == 1
    first.close()
    assert second.recv(8) == b"2"
    rig.wait_gone(session)
    if sys.platform == "linux":
        assert rig.server.waiting_clients == 0


def test_closing_the_port_ends_the_client_that_is_served(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(single_threaded=True)
    client, session = rig.join()
    rig.stop()
    assert session.reason is CloseReason.SERVER_CLOSED
    assert client.recv(8) == b""
    assert [entry.kind for entry in rig.entries()][-1] == Kind.SERVER_CLOSED


def test_the_served_client_can_be_disconnected_and_sent_to(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(single_threaded=True)
    client, session = rig.join()
    rig.server.send([(session.ref, b"hello", "ascii")])
    assert client.recv(8) == b"hello"
    rig.server.disconnect([session.ref])
    rig.wait_gone(session)
    assert session.reason is CloseReason.DISCONNECTED


@pytest.mark.parametrize("first_mode", [True, False])
def test_the_mode_can_change_while_the_port_is_open(
    make_rig: Callable[..., Rig], first_mode: bool
) -> None:
    rig = make_rig(single_threaded=first_mode)
    client, session = rig.join()
    assert (rig.server.served_here is session) == first_mode
    rig.server.single_threaded = not first_mode
    if first_mode:
        client.close()  # only then does the listener get to its next accept
        rig.wait_gone(session)
    _, other = rig.join()
    wait_until(lambda: (rig.server.served_here is other) != first_mode)
