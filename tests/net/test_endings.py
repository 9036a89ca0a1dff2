"""How a connection ends, and that each way is told from the others."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable

import pytest

from app.journal.entry import Kind
from app.journal.refs import ClientRef
from app.net.facts import CloseReason
from app.net.session import Session
from app.net.wire import BlockingWire
from tests.net.rig import Rig, receive_all, reset
from tests.support.wait import wait_until


def offline(rig: Rig, session: Session) -> dict[str, object]:
    """Wait for the end; return what the journal says of it."""
    rig.wait_gone(session)
    (entry,) = rig.entries(Kind.OFFLINE, session.client_id)
    assert session.reason is not None
    assert entry.detail["reason"] == session.reason.value
    assert entry.detail["unsent_bytes"] == session.unsent_bytes
    return entry.detail


def test_fin(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    client.sendall(b"last words")
    client.close()
    offline(rig, session)
    assert session.reason is CloseReason.FIN
    assert rig.stream(Kind.IN, session.client_id) == b"last words"


def test_rst(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    reset(client)
    detail = offline(rig, session)
    assert session.reason is CloseReason.RESET
    assert detail["error"]


def test_connect_and_vanish(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    for _ in range(50):
        reset(rig.dial())
    wait_until(lambda: len(rig.seen.leaves) == 50)
    assert {session.reason for session in rig.seen.leaves} == {CloseReason.RESET}
    assert rig.join()[1].reason is None


def test_disconnected_by_the_user(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    other, other_session = rig.join()
    rig.server.disconnect([session.ref, ClientRef(rig.journal.key, 999)])
    offline(rig, session)
    assert session.reason is CloseReason.DISCONNECTED
    assert client.recv(1) == b""
    other.sendall(b"still here")
    wait_until(lambda: other_session.bytes_in == 10)


def test_disconnected_while_it_sends(any_rig: Callable[..., Rig]) -> None:
    """A peer that goes on sending makes our recv fail with ECONNRESET: still, it was the user."""
    rig = any_rig()
    client, session = rig.join()

    failures: list[OSError] = []

    def flood() -> None:
        try:
            while True:
                client.sendall(b"x" * 10_000)
        except OSError as error:
            failures.append(error)

    thread = threading.Thread(target=flood)
    thread.start()
    wait_until(lambda: session.bytes_in > 100_000)
    rig.server.disconnect([session.ref])
    offline(rig, session)
    thread.join()
    assert session.reason is CloseReason.DISCONNECTED
    # Not a timeout: shut down in both directions, we would leave the client in its send for ever.
    assert isinstance(failures[0], ConnectionResetError | BrokenPipeError)


def test_server_closed_while_it_sends(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    client.sendall(b"x" * 200_000)
    rig.stop()
    assert session.reason is CloseReason.SERVER_CLOSED


class FailingWire(BlockingWire):
    """A socket on which recv fails as it would after long silence."""

    error = OSError(0, "")

    def recv(self, size_bytes: int, /) -> bytes:
        raise FailingWire.error


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ETIMEDOUT, CloseReason.TIMED_OUT),
        (errno.EHOSTUNREACH, CloseReason.TIMED_OUT),
        (errno.ECONNRESET, CloseReason.RESET),
        (errno.EIO, CloseReason.ERROR),
    ],
)
def test_what_the_system_says(
    make_rig: Callable[..., Rig],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    reason: CloseReason,
) -> None:
    """On one machine the kernel always answers for a silent client: so the error is played."""
    monkeypatch.setattr(FailingWire, "error", OSError(number, os.strerror(number)))
    rig = make_rig(wire=FailingWire)
    rig.dial()
    wait_until(lambda: rig.seen.leaves)
    detail = offline(rig, rig.seen.leaves[0])
    assert rig.seen.leaves[0].reason is reason
    assert os.strerror(number) in str(detail["error"])


def test_keepalive_is_on(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(keepalive_s=60)
    client, session = rig.join()
    client.sendall(b"x")
    wait_until(lambda: session.bytes_in == 1)
    ours = socket.socket(fileno=os.dup(session.outlet._wire.fileno()))
    with ours:
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 5
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 3
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_was_never_sent_is_recorded(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join(recv_buffer_bytes=4096)
    data = bytes(range(256)) * 40_000
    rig.server.send([(session.ref, data, "gbk")])
    wait_until(lambda: session.waiting_bytes and session.bytes_out)
    rig.server.disconnect([session.ref])
    offline(rig, session)
    assert session.unsent_bytes > 0
    sent = rig.stream(Kind.OUT, session.client_id)
    assert sent == data[: len(sent)]
    assert len(sent) + session.unsent_bytes == len(data)
    assert receive_all(client) == sent  # what the kernel took still arrives


def test_half_close_still_gets_the_rest(any_rig: Callable[..., Rig]) -> None:
    """`echo question | nc -N`: the client has said its last word and waits for the answer."""
    rig = any_rig()
    client, session = rig.join(recv_buffer_bytes=4096)
    data = os.urandom(3_000_000)
    rig.server.send([(session.ref, data, "gbk")])
    wait_until(lambda: session.waiting_bytes)
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client) == data
    offline(rig, session)
    assert (session.reason, session.unsent_bytes) == (CloseReason.FIN, 0)


def test_half_close_and_silence_ends_after_a_while(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.net.session.LINGER_S", 0.2)
    rig = make_rig()
    client, session = rig.join(recv_buffer_bytes=4096)
    rig.server.send([(session.ref, b"x" * 8_000_000, "gbk")])
    wait_until(lambda: session.waiting_bytes)
    client.shutdown(socket.SHUT_WR)
    offline(rig, session)
    assert session.reason is CloseReason.FIN
    assert session.unsent_bytes > 0


def test_reset_while_bytes_wait(any_rig: Callable[..., Rig]) -> None:
    """The system tells of a reset once, and it may tell the sender instead of recv."""
    rig = any_rig()
    for _ in range(20):
        client, session = rig.join(recv_buffer_bytes=4096)
        rig.server.send([(session.ref, b"x" * 8_000_000, "gbk")])
        wait_until(lambda session=session: session.waiting_bytes)
        reset(client)
        offline(rig, session)
        assert session.reason is CloseReason.RESET
        assert session.unsent_bytes > 0


def test_a_crowd_leaves(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    clients = [rig.join()[0] for _ in range(200)]
    for client in clients:
        client.close()
    wait_until(lambda: len(rig.seen.leaves) == 200)
    assert {session.reason for session in rig.seen.leaves} == {CloseReason.FIN}
