"""A client that has said its last word may still listen: it is written to by hand, and ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from app.journal.entry import Kind
from app.net import shared
from app.net.facts import ClientState, CloseReason
from app.net.session import Session
from app.reply import EchoReply, FixedReply
from tests.net.rig import Rig, receive_all, receive_exactly, reset
from tests.support.far_away import FarAway, far_away
from tests.support.wait import wait_until

__all__ = ["far_away"]

HOUR_S = 3600
here_only = pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")


def say_and_listen(rig: Rig, last_word: bytes = b"query\n") -> tuple[socket.socket, Session]:
    client, session = rig.join()
    client.sendall(last_word)
    client.shutdown(socket.SHUT_WR)
    wait_until(lambda: session.state is ClientState.HALF_CLOSED)
    assert session.bytes_in == len(last_word)
    return client, session


def test_it_is_answered_by_hand_until_the_user_ends_it(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(half_closed_s=HOUR_S)
    client, session = say_and_listen(rig)
    (said,) = rig.entries(Kind.LAST_WORD, session.client_id)
    assert said.detail == {"stays_s": HOUR_S}
    large = os.urandom(8_000_000)
    for answer in (b"first", large, b"last"):
        rig.server.send([(session.ref, answer, "")])
        assert receive_exactly(client, len(answer)) == answer
    assert session.state is ClientState.HALF_CLOSED
    rig.server.disconnect([session.ref])
    assert client.recv(1) == b""
    rig.wait_gone(session)
    assert session.reason is CloseReason.DISCONNECTED


@pytest.mark.skipif(shutil.which("nc") is None, reason="no nc here")
@pytest.mark.parametrize("command", [["nc", "-N"], ["ncat"], ["socat", "-t60", "-"]])
def test_real_clients(make_rig: Callable[..., Rig], command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    rig = make_rig(half_closed_s=HOUR_S)
    host, port = rig.endpoint
    where = [f"TCP:{host}:{port}"] if command[0] == "socat" else [host, str(port)]
    with subprocess.Popen(
        [*command, *where], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write(b"query\n")
        client.stdin.close()
        wait_until(lambda: rig.seen.joins)
        (session,) = rig.seen.joins
        wait_until(lambda: session.state is ClientState.HALF_CLOSED)
        rig.server.send([(session.ref, b"answer\n", "")])
        assert client.stdout.readline() == b"answer\n"
        rig.server.disconnect([session.ref])
        assert client.stdout.read() == b""
    assert client.returncode == 0


def test_after_a_while_it_is_closed(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(half_closed_s=1)
    client, session = say_and_listen(rig)
    assert client.recv(1) == b""
    rig.wait_gone(session)
    assert session.reason is CloseReason.FIN


def test_at_once_where_the_setting_says_so(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(half_closed_s=0)
    client, session = rig.join()
    client.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""
    rig.wait_gone(session)
    assert not rig.entries(Kind.LAST_WORD)


@pytest.mark.parametrize("reply", [EchoReply(), FixedReply("bye")])
def test_an_automatic_reply_has_said_everything(
    any_rig: Callable[..., Rig], reply: EchoReply | FixedReply
) -> None:
    rig = any_rig(half_closed_s=HOUR_S, reply=reply)
    client, session = rig.join()
    client.sendall(b"bye")
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client) == b"bye"
    rig.wait_gone(session)
    assert session.reason is CloseReason.FIN


@here_only
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "127.3.4.5"])
def test_who_closes_altogether_is_offline_at_once(make_rig: Callable[..., Rig], host: str) -> None:
    """On this machine the system knows; 3600 s would be too long for this test."""
    rig = make_rig(host=host, half_closed_s=HOUR_S)
    client, session = rig.join()
    client.sendall(b"last words")
    client.close()
    rig.wait_gone(session)
    assert session.reason is CloseReason.FIN
    assert rig.stream(Kind.IN, session.client_id) == b"last words"


@here_only
def test_who_closes_later_is_offline_then(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(half_closed_s=HOUR_S)
    client, session = say_and_listen(rig)
    client.close()
    rig.wait_gone(session)
    assert session.reason is CloseReason.FIN


@pytest.mark.parametrize("leave", ["reset", "disconnect", "stop"])
def test_who_listens_can_go(any_rig: Callable[..., Rig], leave: str) -> None:
    rig = any_rig(half_closed_s=HOUR_S)
    client, session = say_and_listen(rig)
    if leave == "reset":
        reset(client)
    elif leave == "disconnect":
        rig.server.disconnect([session.ref])
    else:
        rig.stop()
    rig.wait_gone(session)
    reasons = {
        "reset": CloseReason.RESET,
        "disconnect": CloseReason.DISCONNECTED,
        "stop": CloseReason.SERVER_CLOSED,
    }
    assert session.reason is reasons[leave]
    assert rig.server.stuck == 0


def test_a_demo_client_leaves_altogether(rig: Rig, make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(half_closed_s=HOUR_S)
    client, session = rig.join()
    session.is_demo = True
    client.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""
    rig.wait_gone(session)


def test_of_a_crowd_that_leaves_nobody_stays(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "FEW_PARTINGS", 0)
    rig = make_rig(half_closed_s=HOUR_S)
    for _ in range(3):
        client, session = rig.join()
        client.shutdown(socket.SHUT_WR)
        rig.wait_gone(session)
        assert session.reason is CloseReason.FIN


def test_on_another_machine_it_shows_when_something_is_sent(
    make_rig: Callable[..., Rig], far_away: FarAway
) -> None:
    rig = make_rig(host=far_away.here, half_closed_s=HOUR_S)
    program = "import socket, sys; c = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)"
    host, port = rig.endpoint
    with far_away.running(sys.executable, "-c", program, host, str(port)):
        wait_until(lambda: rig.seen.joins)
        (session,) = rig.seen.joins
        wait_until(lambda: session.state is ClientState.HALF_CLOSED)
        rig.server.send([(session.ref, b"too late", "")])
        rig.wait_gone(session)
    assert session.reason is CloseReason.RESET


@pytest.mark.parametrize("end", ["read", "disconnect", "stop"])
def test_two_that_wait_for_each_other(any_rig: Callable[..., Rig], end: str) -> None:
    """An echo, and a client that sends 40 MiB before it reads: said, and it can be ended."""
    rig = any_rig(reply=EchoReply(), recv_size_bytes=65_536)
    client, session = rig.join()
    client.settimeout(60)
    data = os.urandom(1 << 20) * 40

    def send() -> None:
        with suppress(ConnectionError):
            client.sendall(data)

    sending = threading.Thread(target=send)
    sending.start()
    wait_until(lambda: rig.entries(Kind.NOT_READING), 30)
    (said,) = rig.entries(Kind.NOT_READING)
    assert said.client_id == session.client_id
    assert 0 < said.detail["waiting_bytes"] <= 16 << 20
    assert session.state is ClientState.WAITING_FOR_PEER
    if end == "read":
        assert receive_exactly(client, len(data)) == data
        client.close()
    elif end == "disconnect":
        rig.server.disconnect([session.ref])
        wait_until(lambda: session in rig.seen.leaves)
    else:
        rig.server.stop()
        wait_until(lambda: session in rig.seen.leaves)
    sending.join(20)
    assert not sending.is_alive()
    rig.wait_gone(session)
    assert len(rig.entries(Kind.NOT_READING)) == 1
