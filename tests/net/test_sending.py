"""What users send: at once, waiting, refused, gone; and never a byte lost or doubled."""

from __future__ import annotations

import os
import random
import resource
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.journal.refs import ClientRef, JournalKey
from app.net.facts import ClientState, CloseReason, SendReport, SendResult
from tests.net.rig import Rig, receive_all, receive_exactly
from tests.support.wait import wait_until

BIG_BYTES = 8_000_000  # more than any kernel takes for a client that does not read


def reports_of(rig: Rig, send_id: int) -> list[SendReport]:
    return [report for report in rig.seen.reports if report.send_id == send_id]


def last_report(rig: Rig, send_id: int) -> SendReport:
    wait_until(lambda: any(report.finished for report in reports_of(rig, send_id)))
    return reports_of(rig, send_id)[-1]


def test_it_arrives_and_is_journalled_with_its_encoding(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    data = "你好".encode("big5")
    report = rig.server.send([(session.ref, data, "big5")])
    assert receive_exactly(client, len(data)) == data
    assert last_report(rig, report.send_id).results == {session.client_id: SendResult.SENT}
    assert len(reports_of(rig, report.send_id)) == 1
    (entry,) = rig.entries(Kind.OUT)
    assert (entry.data, entry.encoding, entry.offset) == (data, "big5", 0)
    assert (session.bytes_out, session.waiting_bytes) == (len(data), 0)
    assert session.last_active_mono_ns >= entry.mono_ns


def test_the_report_names_every_target_from_the_start(rig: Rig) -> None:
    _, session = rig.join()
    report = rig.server.send([(session.ref, b"x", ""), (ClientRef(rig.journal.key, 77), b"x", "")])
    assert set(report.results) == {session.client_id, 77}
    assert last_report(rig, report.send_id).results == {
        session.client_id: SendResult.SENT,
        77: SendResult.GONE,
    }


def test_the_client_with_the_same_number_in_another_journal_is_left_alone(rig: Rig) -> None:
    client, session = rig.join()
    other = ClientRef(JournalKey(rig.journal.path), session.client_id)  # of another opening
    report = rig.server.send([(other, b"not for you", "")])
    rig.server.disconnect([other, session.client_id])  # type: ignore[list-item]
    assert last_report(rig, report.send_id).results == {session.client_id: SendResult.GONE}
    last_report(rig, rig.server.send([(session.ref, b"for you", "")]).send_id)
    assert receive_exactly(client, 7) == b"for you"
    assert session.reason is None


def test_nothing_for_nobody(rig: Rig) -> None:
    report = rig.server.send([])
    assert last_report(rig, report.send_id) == SendReport(report.send_id, {}, finished=True)


def test_no_bytes_are_sent_at_once(rig: Rig) -> None:
    _, session = rig.join()
    report = rig.server.send([(session.ref, b"", "")])
    assert last_report(rig, report.send_id).results == {session.client_id: SendResult.SENT}
    assert not rig.entries(Kind.OUT)


def test_a_slow_reader_gets_all_of_it_in_order(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join(recv_buffer_bytes=4096)
    first, second = os.urandom(BIG_BYTES), os.urandom(100)
    one = rig.server.send([(session.ref, first, "")])
    two = rig.server.send([(session.ref, second, "")])
    wait_until(lambda: reports_of(rig, two.send_id))
    assert reports_of(rig, one.send_id)[0].results == {session.client_id: SendResult.WAITING}
    assert reports_of(rig, two.send_id)[0].results == {session.client_id: SendResult.WAITING}
    assert session.state is ClientState.WAITING_FOR_PEER
    assert receive_exactly(client, BIG_BYTES + 100) == first + second
    assert last_report(rig, one.send_id).results == {session.client_id: SendResult.SENT}
    assert last_report(rig, two.send_id).results == {session.client_id: SendResult.SENT}
    assert len(reports_of(rig, one.send_id)) == 2
    assert rig.stream(Kind.OUT, session.client_id) == first + second
    offsets = [entry.offset for entry in rig.entries(Kind.OUT)]
    sizes = [len(entry.data) for entry in rig.entries(Kind.OUT)]
    assert offsets == [sum(sizes[:i]) for i in range(len(sizes))]
    assert session.state is ClientState.ONLINE


def test_a_full_outbox_refuses_the_send_whole(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig(outbox_limit_bytes=BIG_BYTES)
    client, session = rig.join(recv_buffer_bytes=4096)
    other, other_session = rig.join()
    rig.server.send([(session.ref, b"a" * BIG_BYTES, "")])
    wait_until(lambda: session.waiting_bytes)
    targets = [(session.ref, b"b" * BIG_BYTES, ""), (other_session.ref, b"c", "")]
    report = rig.server.send(targets)
    assert last_report(rig, report.send_id).results == {
        session.client_id: SendResult.REFUSED,
        other_session.client_id: SendResult.SENT,
    }
    assert other.recv(10) == b"c"
    (entry,) = rig.entries(Kind.SEND_REFUSED)
    assert entry.client_id == session.client_id
    assert entry.detail["size_bytes"] == BIG_BYTES
    assert entry.detail["limit_bytes"] == BIG_BYTES
    assert 0 < entry.detail["waiting_bytes"] < BIG_BYTES
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client) == b"a" * BIG_BYTES


def test_several_parcels_for_one_client(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join(recv_buffer_bytes=4096)
    other, second = rig.join()
    parts = [b"a" * BIG_BYTES, b"b", b"c" * BIG_BYTES]
    items = [(session.ref, part, "") for part in parts]
    report = rig.server.send([*items, (second.ref, b"d", ""), items[1]])
    whole = b"".join(parts) + b"b"
    assert receive_exactly(client, len(whole)) == whole
    assert other.recv(2) == b"d"
    assert last_report(rig, report.send_id).results == {
        session.client_id: SendResult.SENT,
        second.client_id: SendResult.SENT,
    }


def test_what_waited_for_one_that_left_is_gone(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    _, session = rig.join(recv_buffer_bytes=4096)
    report = rig.server.send([(session.ref, b"x" * BIG_BYTES, "")])
    wait_until(lambda: session.waiting_bytes)
    rig.server.disconnect([session.ref])
    assert last_report(rig, report.send_id).results == {session.client_id: SendResult.GONE}


def test_every_send_is_settled_when_the_server_stops(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    _, session = rig.join(recv_buffer_bytes=4096)
    reports = [rig.server.send([(session.ref, b"x" * 400_000, "")]) for _ in range(20)]
    rig.stop()
    reports.append(rig.server.send([(session.ref, b"late", "")]))
    for report in reports:
        result = last_report(rig, report.send_id).results[session.client_id]
        assert result in (SendResult.SENT, SendResult.GONE)
    assert result is SendResult.GONE


def test_who_does_not_read_delays_nobody(rig: Rig) -> None:
    """A broadcast to fifty clients of whom ten never read."""
    deaf = [rig.join(recv_buffer_bytes=4096)[1] for _ in range(10)]
    reading = [rig.join() for _ in range(40)]
    rig.server.send([(s.ref, b"x" * BIG_BYTES, "") for s in deaf])
    wait_until(lambda: all(session.waiting_bytes for session in deaf))
    everybody = [*deaf, *(session for _, session in reading)]
    rig.server.send([(session.ref, b"hello", "") for session in everybody])
    for client, _ in reading:
        assert receive_exactly(client, 5) == b"hello"


def test_no_answer_is_journalled_before_its_question(any_rig: Callable[..., Rig]) -> None:
    """The client answers what it was asked, as fast as it can: OUT must come before its IN."""
    rig = any_rig()
    client, session = rig.join()
    count = 3000

    def answer() -> None:
        for _ in range(count):
            client.sendall(receive_exactly(client, 5).lower())

    thread = threading.Thread(target=answer)
    thread.start()
    for i in range(count):
        rig.server.send([(session.ref, b"Q%04d" % i, "")])
    thread.join()
    wait_until(lambda: session.bytes_in == 5 * count)
    asked = answered = 0
    for entry in rig.entries(client_id=session.client_id):
        if entry.kind == Kind.OUT:
            asked += len(entry.data)
        elif entry.kind == Kind.IN:
            answered += len(entry.data)
        assert answered <= asked


def test_an_old_session_never_reaches_a_stranger(any_rig: Callable[..., Rig]) -> None:
    """A new connection gets the descriptor number of one that left: a stale object sends to it.

    And the stale object's collection closes it.
    """
    rig = any_rig()
    client, old = rig.join()
    number = old.outlet._wire.fileno()
    client.close()
    rig.wait_gone(old)
    for _ in range(20):
        stranger, session = rig.join()
        if session.outlet._wire.fileno() == number:
            break
    assert session.outlet._wire.fileno() == number
    assert old.outlet.send(b"not for you", "") is SendResult.GONE
    old.outlet.write_waiting()
    old.outlet.end(CloseReason.DISCONNECTED)
    rig.seen.joins.remove(old)
    rig.seen.leaves.remove(old)
    del old
    report = rig.server.send([(session.ref, b"for you", "")])
    last_report(rig, report.send_id)
    assert receive_exactly(stranger, 7) == b"for you"


def test_sends_and_leaving_at_the_same_time(any_rig: Callable[..., Rig]) -> None:
    """Everything a client received was journalled for this client and for nobody else."""
    rig = any_rig()
    ended = threading.Event()
    received: dict[int, bytes] = {}

    def come_and_go(seed: int) -> None:
        random_ = random.Random(seed)
        while not ended.is_set():
            with suppress(OSError), socket.create_connection(rig.endpoint, 5) as client:
                port = client.getsockname()[1]
                client.settimeout(0.2)
                received[port] = client.recv(random_.randrange(1, 200))

    def enough_after_one_more_send() -> bool:
        new = [s for s in rig.server.roster() if not s.bytes_out]
        rig.server.send([(s.ref, b"%d;" % s.client_id * 20, "") for s in new])
        return sum(map(bool, list(received.values()))) >= 200

    threads = [threading.Thread(target=come_and_go, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    try:
        wait_until(enough_after_one_more_send, 60)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        rig.stop()
    ids = {session.endpoint.port: session.client_id for session in rig.seen.joins}
    for port, data in received.items():
        assert (b"%d;" % ids[port] * 200).startswith(data)


def test_descriptors_above_1023(
    any_rig: Callable[..., Rig], request: pytest.FixtureRequest
) -> None:
    """select.select fails there on Linux; nothing here may use it."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1300:
        pytest.skip("the descriptor limit is too low")
    rig = any_rig()
    with ExitStack() as stack:
        for _ in range(1030):
            stack.enter_context(Path("/dev/null").open("rb"))
        client, session = rig.join(recv_buffer_bytes=4096)
        assert session.outlet._wire.fileno() > 1023
        rig.server.send([(session.ref, b"x" * BIG_BYTES, "")])
        wait_until(lambda: session.waiting_bytes)
        assert len(receive_exactly(client, BIG_BYTES)) == BIG_BYTES
        client.sendall(b"y")
        wait_until(lambda: session.bytes_in == 1)
        rig.server.disconnect([session.ref])
        rig.wait_gone(session)


def test_a_send_to_many_beside_a_flood(rig: Rig) -> None:
    """Both go on side by side: nothing of either is lost."""
    readers = [rig.join() for _ in range(32)]
    flooder, flooding = rig.join()
    data, sent = bytes(range(256)) * 64, threading.Event()

    def flood() -> None:
        while not sent.is_set():
            flooder.sendall(data)
        flooder.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=flood)
    thread.start()
    wait_until(lambda: flooding.bytes_in > len(data))
    refs = [session.ref for _, session in readers]
    for number in range(20):
        rig.server.send([(ref, b"%02d" % number, "ascii") for ref in refs])
    for client, _ in readers:
        assert receive_exactly(client, 40) == b"".join(b"%02d" % n for n in range(20))
    sent.set()
    thread.join()
    rig.wait_gone(flooding)
    assert flooding.bytes_in % len(data) == 0
    assert len(rig.stream(Kind.IN, flooding.client_id)) == flooding.bytes_in
