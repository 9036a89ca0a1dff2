"""Which sockets take bytes again: the same for epoll, kqueue and select in groups."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from app.net import readiness
from app.net.readiness import GroupedReadiness, Readiness, SelectorReadiness


@pytest.fixture(params=[SelectorReadiness, GroupedReadiness])
def ready(request: pytest.FixtureRequest) -> Iterator[Readiness[str]]:
    made = request.param()
    yield made
    made.close()


@pytest.fixture
def make_pair() -> Iterator[Callable[[], tuple[socket.socket, socket.socket]]]:
    made: list[socket.socket] = []

    def make() -> tuple[socket.socket, socket.socket]:
        pair = socket.socketpair()
        made.extend(pair)
        pair[0].setblocking(False)
        return pair

    yield make
    for one in made:
        one.close()


def fill(one: socket.socket) -> None:
    try:
        while True:
            one.send(b"x" * 65_536)
    except BlockingIOError:
        pass


def test_only_those_that_take_bytes(
    ready: Readiness[str], make_pair: Callable[[], tuple[socket.socket, socket.socket]]
) -> None:
    free, full = make_pair(), make_pair()
    fill(full[0])
    ready.watch(free[0].fileno(), "free")
    ready.watch(full[0].fileno(), "full")
    assert set(ready.wait()) == {"free"}
    ready.forget(free[0].fileno())
    while full[1].recv(1 << 20) and len(ready.wait()) == 0:
        pass
    assert ready.wait() == ["full"]


def test_a_broken_one_is_reported(
    ready: Readiness[str], make_pair: Callable[[], tuple[socket.socket, socket.socket]]
) -> None:
    one, other = make_pair()
    fill(one)
    ready.watch(one.fileno(), "broken")
    other.close()
    assert ready.wait() == ["broken"]


def test_what_is_watched_while_it_waits_counts(
    ready: Readiness[str], make_pair: Callable[[], tuple[socket.socket, socket.socket]]
) -> None:
    found: list[str] = []

    def wait() -> None:
        while not found:
            found.extend(ready.wait())

    thread = threading.Thread(target=wait)
    thread.start()
    one, _ = make_pair()
    ready.watch(one.fileno(), "late")
    thread.join(5)
    assert not thread.is_alive()
    assert set(found) == {"late"}


def test_wake_ends_the_wait(ready: Readiness[str]) -> None:
    ready.wake()
    assert ready.wait() == []


def test_one_that_is_closed_while_it_waits_does_no_harm(
    ready: Readiness[str], make_pair: Callable[[], tuple[socket.socket, socket.socket]]
) -> None:
    one, _ = make_pair()
    fill(one)
    ready.watch(one.fileno(), "closed")
    thread = threading.Thread(target=ready.wait)
    thread.start()
    ready.forget(one.fileno())
    one.close()
    ready.wake()
    thread.join(5)
    assert not thread.is_alive()


def test_more_than_one_group(
    make_pair: Callable[[], tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "GROUP_SIZE", 3)
    ready: GroupedReadiness[int] = GroupedReadiness()
    pairs = [make_pair() for _ in range(10)]
    for i, (one, _) in enumerate(pairs):
        if i % 2:
            fill(one)
        ready.watch(one.fileno(), i)
    assert sorted(ready.wait()) == [0, 2, 4, 6, 8]
    for one, _ in pairs[::2]:
        ready.forget(one.fileno())
    assert ready.wait() == []  # after a short turn for each group
    ready.wake()
    assert ready.wait() == []
    ready.close()
