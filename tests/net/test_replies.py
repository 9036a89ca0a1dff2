"""Automatic replies: to the sender, every chunk, in its encoding."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from app.journal.entry import Kind
from app.net.facts import ClientState, CloseReason
from app.reply import EchoReply, FixedReply
from tests.net.rig import Rig, receive_all, receive_exactly, reset
from tests.support.wait import wait_until

CLASSIC = "交易正在处理"


def test_the_tutorial(any_rig: Callable[..., Rig]) -> None:
    """Two clients at once: each gets its own answer, in its own encoding."""
    rig = any_rig(reply=FixedReply(CLASSIC))
    one, first = rig.join()
    two, second = rig.join()
    second.encoding = "utf-8"
    for client, session in ((one, first), (two, second), (one, first)):
        client.sendall(b"Hello Neo")
        expected = CLASSIC.encode(session.encoding)
        assert receive_exactly(client, len(expected)) == expected
    one.close()
    two.close()
    rig.wait_gone(first)
    rig.wait_gone(second)
    kinds = [(e.kind, e.encoding) for e in rig.entries(client_id=first.client_id)]
    assert kinds == [
        (Kind.ONLINE, ""),
        (Kind.IN, ""),
        (Kind.OUT, "gbk"),
        (Kind.IN, ""),
        (Kind.OUT, "gbk"),
        (Kind.OFFLINE, ""),
    ]
    assert (first.bytes_in, first.bytes_out) == (18, 24)
    assert (second.bytes_in, second.bytes_out) == (9, 18)


def test_the_sender_is_answered_and_nobody_else(any_rig: Callable[..., Rig]) -> None:
    """Ten clients at once, each with words of its own: an answer never goes astray."""
    rig = any_rig(reply=EchoReply())
    wrong: list[bytes] = []

    def talk(number: int) -> None:
        client = rig.dial()
        for i in range(100):
            said = b"client %d says %d" % (number, i)
            client.sendall(said)
            heard = receive_exactly(client, len(said))
            if heard != said:
                wrong.append(heard)

    threads = [threading.Thread(target=talk, args=(i,)) for i in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_it_can_be_switched_while_it_runs(rig: Rig) -> None:
    client, session = rig.join()
    client.sendall(b"a")
    wait_until(lambda: session.bytes_in == 1)
    rig.server.shared.reply = FixedReply("yes")
    client.sendall(b"b")
    assert receive_exactly(client, 3) == b"yes"
    rig.server.shared.reply = EchoReply()
    client.sendall(b"c")
    assert receive_exactly(client, 1) == b"c"
    rig.server.shared.reply = None
    client.sendall(b"d")
    wait_until(lambda: session.bytes_in == 4)
    assert session.bytes_out == 4


def test_what_cannot_be_encoded_is_reported_once(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(reply=FixedReply(CLASSIC), encoding="ascii")
    client, session = rig.join()
    for i in range(3):
        client.sendall(b"x")
        wait_until(lambda i=i: session.bytes_in == i + 1)
    session.encoding = "gbk"
    client.sendall(b"x")
    assert receive_exactly(client, 12) == CLASSIC.encode("gbk")
    (entry,) = rig.entries(Kind.REPLY_FAILED)
    assert entry.detail == {"character": "交", "encoding": "ascii"}


def test_a_client_that_reads_late_gets_every_answer(any_rig: Callable[..., Rig]) -> None:
    """It floods an echo and does not read: it is no longer read, and nothing is lost."""
    rig = any_rig(reply=EchoReply(), outbox_limit_bytes=65_536, recv_size_bytes=4096)
    client, session = rig.join(recv_buffer_bytes=4096)
    data = os.urandom(20_000_000)
    thread = threading.Thread(target=client.sendall, args=(data,))
    thread.start()
    wait_until(lambda: session.state is ClientState.WAITING_FOR_PEER)
    other, _ = rig.join()
    other.sendall(b"me too")
    assert receive_exactly(other, 6) == b"me too"
    assert session.waiting_bytes <= 65_536
    assert receive_exactly(client, len(data)) == data
    thread.join()
    assert not rig.entries(Kind.SEND_REFUSED)
    assert rig.stream(Kind.OUT, session.client_id) == data


@pytest.mark.parametrize("leave", ["reset", "disconnect", "stop"])
def test_a_worker_that_waits_for_its_client_can_go(any_rig: Callable[..., Rig], leave: str) -> None:
    rig = any_rig(reply=EchoReply(), outbox_limit_bytes=4096)
    client, session = rig.join(recv_buffer_bytes=4096)
    client.setblocking(False)

    def is_stuck() -> bool:
        with suppress(BlockingIOError):
            while True:
                client.send(b"x" * 4096)
        return session.state is ClientState.WAITING_FOR_PEER

    wait_until(is_stuck)
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


def test_an_answer_that_never_fits_is_refused(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(reply=FixedReply("x" * 5000), outbox_limit_bytes=1024)
    client, session = rig.join()
    client.sendall(b"?")
    wait_until(lambda: rig.entries(Kind.SEND_REFUSED))
    (entry,) = rig.entries(Kind.SEND_REFUSED, session.client_id)
    assert entry.detail == {"size_bytes": 5000, "waiting_bytes": 0, "limit_bytes": 1024}


def test_a_partial_reader_gets_all_of_it(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(reply=EchoReply(), recv_size_bytes=3)
    client, _ = rig.join(recv_buffer_bytes=4096)
    random_ = random.Random(5)
    data = random_.randbytes(30_000)
    client.sendall(data)
    received = bytearray()
    while len(received) < len(data):
        received += client.recv(random_.randrange(1, 50))
    assert received == data


def test_a_polite_client_gets_its_answers_after_its_last_word(
    any_rig: Callable[..., Rig],
) -> None:
    """Like `printf … | nc -N`."""
    import socket

    rig = any_rig(reply=EchoReply())
    client, session = rig.join()
    client.sendall(b"question")
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client) == b"question"
    rig.wait_gone(session)
    assert session.reason is CloseReason.FIN
