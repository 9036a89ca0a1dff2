"""Who may come in, who must go for being silent, and what the journal says of it."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from app.journal.entry import Kind
from app.net.admission import LOOK_S, Admission
from app.net.facts import CloseReason, Endpoint, ServerOptions
from app.net.session import Session
from app.networks import BadAddress, read_networks
from app.reply import EchoReply
from tests.net.rig import Rig, receive_exactly
from tests.support.wait import wait_until

Make = Callable[..., Rig]


def is_served(rig: Rig) -> bool:
    """Dial; return whether the echo answers, rather than the server closing the connection."""
    client = rig.dial()
    try:
        client.sendall(b"x")
        return client.recv(1) == b"x"
    except ConnectionError:
        return False


def refusals(rig: Rig) -> list[tuple[str, int]]:
    return [(e.detail["why"], e.detail["count"]) for e in rig.entries(Kind.REFUSED)]


@pytest.mark.parametrize(
    ("allowed", "host", "enters"),
    [
        ("", "203.0.113.9", True),
        ("192.168.1.0/24", "192.168.1.77", True),
        ("192.168.1.0/24", "192.168.2.77", False),
        ("192.168.1.9/24", "192.168.1.77", True),  # as people write networks
        ("10.0.0.1, ::1", "::1", True),
        ("10.0.0.1，::1", "10.0.0.1", True),
        ("10.0.0.1 ::1", "10.0.0.2", False),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),  # IPv4 at an IPv6 socket
        ("10.0.0.0/8", "::ffff:11.1.2.3", False),
        ("fe80::/10", "fe80::1%eth0", True),
        ("10.0.0.0/8", "fe80::1%eth0", False),
    ],
)
def test_only_allowed_addresses_come_in(allowed: str, host: str, enters: bool) -> None:
    admission = Admission(ServerOptions(allowed=allowed))
    assert (admission.why_not(Endpoint(host, 5)) == "") is enters


@pytest.mark.parametrize("text", ["localhost", "10.0.0.0/33", "10.0.0", "1.2.3.4/24/8", "中文"])
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(BadAddress, match=text):
        read_networks(f"10.0.0.1, {text}, ::1")


def test_a_stranger_is_refused_and_the_row_says_why(make_rig: Make) -> None:
    rig = make_rig(allowed="10.1.2.0/24", reply=EchoReply())
    assert not is_served(rig)
    wait_until(lambda: refusals(rig) == [("not_allowed", 1)])
    assert rig.server.admission.refused == 1
    assert not rig.seen.joins


def test_so_many_of_one_address_and_the_next_when_one_has_left(make_rig: Make) -> None:
    rig = make_rig(clients_per_address=2, reply=EchoReply())
    (one, first), _ = rig.join(), rig.join()
    assert not is_served(rig)
    wait_until(lambda: refusals(rig)[0][0] == "address_full")
    one.close()
    rig.wait_gone(first)
    assert is_served(rig)


def test_a_storm_of_connections_is_cut_and_is_no_row_each(make_rig: Make) -> None:
    rig = make_rig(connections_per_s=5, reply=EchoReply())
    served = sum(is_served(rig) for _ in range(100))
    assert 5 <= served < 60  # so many for each second that it took
    assert rig.server.admission.refused == 100 - served
    rig.stop()
    rows = refusals(rig)
    assert {why for why, _ in rows} == {"too_fast"}
    assert sum(count for _, count in rows) == 100 - served
    assert len(rows) < 20


def test_who_says_nothing_is_ended_and_who_has_spoken_stays(make_rig: Make) -> None:
    rig = make_rig(first_byte_limit_s=1, reply=EchoReply())
    talker, talks = rig.join()
    talker.sendall(b"hello")
    assert receive_exactly(talker, 5) == b"hello"
    silent, session = rig.join()
    assert silent.recv(1) == b""
    rig.wait_gone(session)
    assert session.reason is CloseReason.NEVER_SPOKE
    assert talks.reason is None


def test_who_is_idle_is_ended_whoever_spoke_last(make_rig: Make) -> None:
    rig = make_rig(idle_limit_s=1, reply=EchoReply())
    client, session = rig.join()
    client.sendall(b"hello")
    assert receive_exactly(client, 5) == b"hello"
    assert client.recv(1) == b""
    rig.wait_gone(session)
    assert session.reason is CloseReason.IDLE


def test_nobody_is_ended_and_nothing_looks_around_unless_asked_for(rig: Rig) -> None:
    assert rig.server.admission.patience_s is None
    rig.join()
    assert not rig.server.admission.is_look_due()
    assert rig.server.admission.overdue(rig.server.roster()) == []


def test_those_online_are_looked_at_once_a_second_however_many_come(
    make_rig: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []
    overdue = Admission.overdue

    def counted(admission: Admission, sessions: Iterable[Session]) -> object:
        looks.append(time.monotonic())
        return overdue(admission, sessions)

    monkeypatch.setattr(Admission, "overdue", counted)
    rig = make_rig(idle_limit_s=60)
    for _ in range(50):
        rig.join()
    assert all(after - before >= LOOK_S for before, after in pairwise(looks))


def test_those_in_the_backlog_are_told_apart(make_rig: Make) -> None:
    """Refused is closed at once: a client sees the end, and no silence."""
    rig = make_rig(allowed="::1")
    clients = [socket.create_connection(rig.endpoint, 5) for _ in range(20)]
    try:
        for client in clients:
            client.settimeout(10)
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(1) == b""
    finally:
        for client in clients:
            client.close()
    wait_until(lambda: sum(count for _, count in refusals(rig)) >= 1)
