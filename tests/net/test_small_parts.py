"""The process, addresses, tally, wake-up pair."""

from __future__ import annotations

import ctypes
import signal
import socket
import sys
import threading
from collections.abc import Callable

import pytest

from app.net.addresses import dial_endpoints, endpoint_of, local_addresses, misses_localhost
from app.net.facts import Endpoint, SendReport, SendResult
from app.net.process import (
    leave_signals_to_the_main_thread,
    most_clients,
    raise_descriptor_limit,
    widen_futex_table,
)
from app.net.sender import Sender
from app.net.tally import Tally
from app.net.wakeup import WakeUp


def test_addresses_of_this_machine() -> None:
    found = local_addresses()
    assert ("127.0.0.1", True, 4) in [(a.host, a.is_loopback, a.family) for a in found]
    assert [a.is_loopback for a in found] == sorted(a.is_loopback for a in found)  # they come last
    assert all(address.interface for address in found)
    for address in found:
        family = socket.AF_INET6 if address.family == 6 else socket.AF_INET
        assert socket.getaddrinfo(address.host, 0, family, flags=socket.AI_NUMERICHOST)


def test_where_to_dial() -> None:
    local = local_addresses()
    hosts = [address.host for address in local if address.family == 4]
    given = [Endpoint("0.0.0.0", 5)]
    assert dial_endpoints(given) == [Endpoint(host, 5) for host in hosts]
    given = [Endpoint("127.0.0.1", 5), Endpoint("::", 6)]
    assert dial_endpoints(given)[0] == Endpoint("127.0.0.1", 5)
    assert {endpoint.port for endpoint in dial_endpoints(given)[1:]} <= {6}
    assert dial_endpoints([]) == []


@pytest.mark.parametrize(
    ("hosts", "misses"),
    [
        (["0.0.0.0"], True),
        (["127.0.0.1"], True),
        (["0.0.0.0", "::"], False),
        (["127.0.0.1", "::1"], False),
        (["::"], False),
        (["192.0.2.1"], False),  # localhost is not open at all
    ],
)
def test_who_dials_localhost(hosts: list[str], misses: bool) -> None:
    assert misses_localhost([Endpoint(host, 5) for host in hosts]) is misses


def test_an_endpoint_keeps_its_zone() -> None:
    (number, name), *_ = socket.if_nameindex()
    assert endpoint_of(("fe80::1", 80, 0, number)) == Endpoint(f"fe80::1%{name}", 80)
    assert str(endpoint_of(("fe80::1", 80, 0, number))) == f"[fe80::1%{name}]:80"
    assert endpoint_of((f"fe80::1%{name}", 80, 0, number)).host == f"fe80::1%{name}"
    assert endpoint_of(("fe80::1", 80, 0, 987_654)).host == "fe80::1%987654"  # it has gone
    assert endpoint_of(("::1", 80, 0, 0)) == Endpoint("::1", 80)
    assert endpoint_of(("127.0.0.1", 80)) == Endpoint("127.0.0.1", 80)


def test_the_descriptor_limit_is_raised_to_what_is_allowed() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 600), hard))
        assert most_clients(20_000) == 500
        raise_descriptor_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
        assert most_clients(50) == 50
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def told(into: list[tuple[bool, dict[int, SendResult]]]) -> Callable[[SendReport], None]:
    return lambda report: into.append((report.finished, dict(report.results)))


def test_a_tally_tells_twice_when_somebody_waits() -> None:
    news: list[tuple[bool, dict[int, SendResult]]] = []
    tally = Tally(1, [1, 2], told(news))
    tally.settle(1, SendResult.SENT)
    tally.announce()
    tally.settle(2, SendResult.GONE)
    assert news == [
        (False, {1: SendResult.SENT, 2: SendResult.WAITING}),
        (True, {1: SendResult.SENT, 2: SendResult.GONE}),
    ]


def test_a_tally_tells_once_when_nobody_waits() -> None:
    news: list[tuple[bool, dict[int, SendResult]]] = []
    tally = Tally(1, [1], told(news))
    tally.settle(1, SendResult.REFUSED)
    tally.announce()
    assert news == [(True, {1: SendResult.REFUSED})]


def test_a_tally_counts_parcels_and_not_clients() -> None:
    """Two for one client: finished when both are settled, and a failure stands."""
    news: list[tuple[bool, dict[int, SendResult]]] = []
    tally = Tally(1, [1, 1, 2, 2], told(news))
    tally.settle(1, SendResult.SENT)
    tally.settle(2, SendResult.REFUSED)
    tally.announce()
    tally.settle(2, SendResult.SENT)
    assert not tally.report.finished
    tally.settle(1, SendResult.SENT)
    tally.settle(1, SendResult.GONE)  # by a thread that comes to life late
    assert news == [
        (False, {1: SendResult.WAITING, 2: SendResult.REFUSED}),
        (True, {1: SendResult.SENT, 2: SendResult.REFUSED}),
    ]


def test_a_wake_up_is_not_lost_and_not_counted() -> None:
    wakeup = WakeUp()
    for _ in range(100_000):  # more than the pair can hold
        wakeup.wake()
    wakeup.clear()
    assert wakeup.fileno() > 0
    wakeup.close()
    wakeup.wake()  # nobody is there: no error


def test_an_order_after_the_end_is_carried_out_at_once() -> None:
    sender = Sender(lambda error: None)
    sender.open()
    sender.start()
    sender.stop()
    assert sender.join(5)
    news: list[tuple[bool, dict[int, SendResult]]] = []
    sender.send([(1, None, b"x", "")], Tally(1, [1], told(news)))
    assert news == [(True, {1: SendResult.GONE})]
    assert "sender" not in [thread.name for thread in threading.enumerate()]


def futex_slots() -> int:
    return int(ctypes.CDLL(None).prctl(78, ctypes.c_ulong(2), 0, 0, 0))


@pytest.mark.skipif(sys.platform != "linux", reason="a matter of Linux")
def test_the_futex_table_is_widened_where_there_is_one() -> None:
    before = futex_slots()
    if before < 0:
        pytest.skip("the kernel is older than 6.16")
    widen_futex_table()
    assert futex_slots() >= 4096


def test_workers_leave_signals_to_the_main_thread() -> None:
    blocked: list[set[int]] = []

    def look() -> None:
        leave_signals_to_the_main_thread()
        child = threading.Thread(
            target=lambda: blocked.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
        )
        child.start()
        child.join()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert {signal.SIGINT, signal.SIGTERM} <= blocked[0]
    # Blocked, a crash would end the process without faulthandler's word.
    assert not {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL} & blocked[0]
    leave_signals_to_the_main_thread()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
