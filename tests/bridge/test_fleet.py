"""Several servers behind one controller: each opened and closed by itself, one journal of all."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge.controller import Controller
from app.bridge.state import ServerState
from app.journal.entry import Kind
from app.net.facts import ListenError, ListenFault
from app.settings import ServerProfile
from app.text.compose import ComposeOptions
from tests.support.wait import wait_until


def profile(number: int, encoding: str = "gbk", port: int = 0) -> ServerProfile:
    return ServerProfile(server_id=number, host="127.0.0.1", port=port, encoding=encoding)


def dial(controller: Controller, server_id: int) -> socket.socket:
    return socket.create_connection(controller.fleet.posts[server_id].endpoints[0], 5)


@pytest.fixture
def pair(controller: Controller) -> Controller:
    """Two servers, both open."""
    controller.change(servers=(profile(1), profile(2, "utf-8")))
    for number in (1, 2):
        controller.fleet.open(number)
    return controller


def test_each_client_is_answered_in_the_encoding_of_its_server(
    pair: Controller, qtbot: QtBot
) -> None:
    with dial(pair, 1) as one, dial(pair, 2) as two:
        wait_until(lambda: len(pair.sessions) == 2)
        with qtbot.waitSignal(pair.send_finished) as sent:
            pair.orders.send("你好", ComposeOptions(""), list(pair.sessions))
        assert [one.recv(99), two.recv(99)] == ["你好".encode("gbk"), "你好".encode()]
        (report,) = sent.args or ()
        assert sorted(report.results) == [1, 2]  # one send, one report
    assert {session.server_id for session in pair.sessions.values()} == {1, 2}
    reader = pair.reader
    assert reader is not None
    records = reader.clients().values()
    assert {r.server_id: r.local_port for r in records} == {
        number: post.endpoints[0].port for number, post in pair.fleet.posts.items()
    }
    assert {opening.server_id for opening in reader.openings()} == {1, 2}


def test_one_is_closed_while_the_other_goes_on(pair: Controller, qtbot: QtBot) -> None:
    with dial(pair, 1) as one, dial(pair, 2) as two:
        wait_until(lambda: len(pair.sessions) == 2)
        pair.fleet.close(1)
        wait_until(lambda: pair.fleet.posts[1].state is ServerState.CLOSED)
        assert one.recv(9) == b""
        two.sendall(b"still here")
        wait_until(lambda: any(s.bytes_in == 10 for s in pair.sessions.values()))
        assert pair.fleet.posts[2].state is ServerState.OPEN
        assert not pair.fleet.is_idle
        assert pair.drop_journal() is None  # it is in use


def test_the_selected_server_is_what_the_window_sees(pair: Controller, qtbot: QtBot) -> None:
    pair.fleet.close(2)
    wait_until(lambda: pair.fleet.posts[2].state is ServerState.CLOSED)
    states = []
    pair.state_changed.connect(states.append)
    pair.change(selected_id=2)
    pair.change(selected_id=1)
    assert states == [ServerState.CLOSED, ServerState.OPEN]
    pair.change(encoding="big5")
    assert [p.encoding for p in pair.settings.servers] == ["big5", "utf-8"]
    assert pair.server is not None
    assert pair.server.encoding == "big5"


def test_a_busy_port_concerns_its_own_server_alone(pair: Controller, qtbot: QtBot) -> None:
    taken = pair.fleet.posts[1].endpoints[0].port
    pair.change(servers=(*pair.settings.servers, profile(3, port=taken)))
    failures: list[tuple[int, ListenError]] = []
    pair.fleet.failed.connect(lambda number, error: failures.append((number, error)))
    pair.open_failed.connect(lambda _: pytest.fail("another server is selected"))
    pair.fleet.open(3)
    assert [(number, error.fault) for number, error in failures] == [(3, ListenFault.PORT_IN_USE)]
    assert pair.fleet.posts[3].failure is failures[0][1]
    pair.change(selected_id=3, port=0)  # another port: nothing is known to be wrong with it
    assert pair.post.failure is None
    pair.open_server()
    assert pair.state is ServerState.OPEN


def test_a_server_that_is_removed_closes_and_comes_back_closed(
    pair: Controller, qtbot: QtBot
) -> None:
    both = pair.settings.servers
    with dial(pair, 2) as two:
        wait_until(lambda: len(pair.sessions) == 1)
        pair.change(servers=both[:1])
        assert list(pair.fleet.posts) == [1]
        assert two.recv(9) == b""
        wait_until(lambda: len(pair.fleet.servers) == 1)
    pair.change(servers=both)
    assert pair.fleet.posts[2].state is ServerState.CLOSED
    pair.fleet.open(2)
    with dial(pair, 2):
        wait_until(lambda: len(pair.sessions) == 2)
    assert [session.client_id for session in pair.sessions.values()] == [1, 2]


def test_the_events_of_a_server_name_it(pair: Controller, qtbot: QtBot) -> None:
    pair.fleet.close(2)
    wait_until(lambda: pair.fleet.posts[2].state is ServerState.CLOSED)
    assert pair.reader is not None
    told = [(e.kind, e.detail["server_id"]) for e in pair.reader.entries(1, 99)]
    assert told == [(Kind.SERVER_OPENED, 1), (Kind.SERVER_OPENED, 2), (Kind.SERVER_CLOSED, 2)]


def test_all_are_closed_at_the_end(pair: Controller) -> None:
    with dial(pair, 1) as one, dial(pair, 2) as two:
        wait_until(lambda: len(pair.sessions) == 2)
        pair.shutdown()
        assert (one.recv(9), two.recv(9)) == (b"", b"")
    assert pair.fleet.is_idle


@pytest.fixture
def secured(controller: Controller, tmp_path: Path) -> Controller:
    """One TLS server, whose certificate is still to be made."""
    controller.fleet.certificate_dir = str(tmp_path / "own")
    controller.change(servers=(ServerProfile(host="127.0.0.1", port=0, kind="tls"),))
    return controller


def test_a_certificate_is_made_before_the_port_is_opened(
    secured: Controller, tmp_path: Path
) -> None:
    secured.open_server()
    assert secured.state is ServerState.CLOSED  # nobody has waited for a key
    wait_until(lambda: secured.state is ServerState.OPEN)
    assert len(list((tmp_path / "own").iterdir())) == 2
    secured.close_server()
    wait_until(lambda: secured.state is ServerState.CLOSED)
    secured.open_server()
    assert secured.state is ServerState.OPEN


def test_who_closes_while_a_certificate_is_made_finds_the_port_closed(
    secured: Controller, qtbot: QtBot
) -> None:
    secured.open_server()
    secured.close_server()
    wait_until(lambda: "certificate" not in {t.name for t in threading.enumerate()})
    qtbot.wait(0)
    assert secured.state is ServerState.CLOSED


def test_who_waits_for_a_port_hears_once_what_came_of_it(
    secured: Controller, tmp_path: Path
) -> None:
    told: list[bool] = []
    secured.post.when_open(told.append)
    assert told == [False]  # nobody opens it
    secured.open_server()
    secured.post.when_open(told.append)
    secured.post.when_open(told.append)
    secured.close_server()
    assert told == [False] * 3
    secured.open_server()
    secured.post.when_open(told.append)
    assert told == [False] * 3
    wait_until(lambda: secured.state is ServerState.OPEN)
    secured.post.when_open(told.append)
    assert told == [False] * 3 + [True] * 2


def test_a_certificate_that_cannot_be_kept_is_complained_of_once(
    secured: Controller, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "own").write_text("no folder")
    told: list[object] = []
    secured.open_failed.connect(told.append)
    with qtbot.waitSignal(secured.open_failed) as failed:
        secured.open_server()
    (error,) = failed.args or ()
    assert isinstance(error, ListenError)
    assert error.fault is ListenFault.NOT_MADE
    qtbot.wait(0)
    assert told == [error]
