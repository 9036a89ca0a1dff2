"""Herd, limits, addresses, tally, wake-up pair."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from app.net import herd as herd_module
from app.net.addresses import local_addresses
from app.net.facts import SendReport, SendResult
from app.net.herd import HERD_SIZE, LONG_INTERVAL_S, Herd
from app.net.holder import port_holder
from app.net.limits import most_clients, raise_descriptor_limit
from app.net.sender import Sender
from app.net.tally import Tally
from app.net.wakeup import WakeUp


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that a herd sees."""
    now = [1000.0]
    monkeypatch.setattr(herd_module, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def moved() -> list[bool]:
    return []


@pytest.fixture
def herd(moved: list[bool]) -> Iterator[Herd]:
    made = Herd(on_move=lambda: moved.append(True))
    yield made
    made.settle(at_once=True)


def test_a_herd_makes_the_interval_long_and_gives_it_back(
    herd: Herd, moved: list[bool], clock: list[float]
) -> None:
    usual_s = sys.getswitchinterval()
    for _ in range(HERD_SIZE - 1):
        herd.gone()
    assert sys.getswitchinterval() == usual_s
    herd.gone()
    assert sys.getswitchinterval() == pytest.approx(LONG_INTERVAL_S)
    herd.gone()
    assert moved == [True]
    clock[0] += 0.05
    herd.settle()
    assert herd.moving
    clock[0] += 0.1
    herd.settle()
    assert sys.getswitchinterval() == usual_s
    assert not herd.moving


def test_those_who_leave_one_by_one_are_no_herd(herd: Herd, clock: list[float]) -> None:
    usual_s = sys.getswitchinterval()
    for _ in range(10 * HERD_SIZE):
        clock[0] += 0.003
        herd.gone()
    assert sys.getswitchinterval() == usual_s


def test_addresses_of_this_machine() -> None:
    found = local_addresses()
    assert ("127.0.0.1", True, 4) in [(a.host, a.is_loopback, a.family) for a in found]
    assert found[0].is_loopback
    assert all(address.interface for address in found)
    for address in found:
        family = socket.AF_INET6 if address.family == 6 else socket.AF_INET
        assert socket.getaddrinfo(address.host, 0, family, flags=socket.AI_NUMERICHOST)


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


def test_nobody_holds_a_free_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert port_holder(port) is not None
    assert port_holder(port) is None


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


def test_a_wake_up_is_not_lost_and_not_counted() -> None:
    wakeup = WakeUp()
    for _ in range(100_000):  # more than the pair can hold
        wakeup.wake()
    wakeup.clear()
    assert wakeup.fileno() > 0
    wakeup.close()
    wakeup.wake()  # nobody is there: no error


def test_an_order_after_the_end_is_carried_out_at_once() -> None:
    sender = Sender()
    sender.open()
    sender.start()
    sender.stop()
    assert sender.join(5)
    news: list[tuple[bool, dict[int, SendResult]]] = []
    sender.send([(1, None, b"x", "")], Tally(1, [1], told(news)))
    assert news == [(True, {1: SendResult.GONE})]
    assert "sender" not in [thread.name for thread in threading.enumerate()]
