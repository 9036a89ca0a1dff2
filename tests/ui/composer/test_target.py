"""Who gets it, while clients come and go."""

from __future__ import annotations

from app.bridge.orders import Destination
from app.net.facts import Endpoint
from app.ui.composer.target import Obstacle, TargetChoice, TargetKind
from tests.support.refs import JOURNAL, ref, ref_set, refs


def test_all_means_everybody_online_now() -> None:
    choice = TargetChoice()
    assert choice.obstacle() is Obstacle.NO_CLIENT
    choice.online = ref_set({3, 1, 2})
    assert choice.clients() == tuple(refs(1, 2, 3))
    assert choice.obstacle() is None
    choice.online = ref_set({2})
    assert choice.clients() == tuple(refs(2))


def test_selected_rows_that_are_offline_get_nothing() -> None:
    choice = TargetChoice(
        TargetKind.SELECTED, journal=JOURNAL, online=ref_set({1, 2, 3}), selected=ref_set({2, 3, 9})
    )
    assert choice.clients() == tuple(refs(2, 3))
    choice.online = ref_set({1})
    assert choice.clients() == ()
    assert choice.obstacle() is Obstacle.SELECTED_OFFLINE


def test_a_selection_that_is_gone_never_becomes_all() -> None:
    choice = TargetChoice(TargetKind.SELECTED, online=ref_set({1, 2}), selected=set())
    assert choice.clients() == ()
    assert choice.obstacle() is Obstacle.NONE_SELECTED


def test_one_client_that_left_never_becomes_another() -> None:
    choice = TargetChoice(TargetKind.ONE, one=ref(4), online=ref_set({4, 5}))
    assert choice.clients() == tuple(refs(4))
    choice.online = ref_set({5})
    assert choice.clients() == ()
    assert choice.obstacle() is Obstacle.ONE_OFFLINE
    choice.one = None
    assert choice.obstacle() is Obstacle.NO_NUMBER


def test_an_address_is_meant_while_its_server_is_open() -> None:
    choice = TargetChoice(TargetKind.ADDRESS, server_id=2, datagrams={2: False})
    assert choice.obstacle() is Obstacle.PORT_CLOSED
    choice.datagrams = {2: True}
    assert choice.obstacle() is Obstacle.NO_ADDRESS
    for typed in ("here", "10.0.0.5", "plc.example:9000", "10.0.0.5:0", "10.0.0.5:70000", "::1:9"):
        choice.typed = typed
        assert choice.obstacle() is Obstacle.BAD_ADDRESS, typed
    for typed, host in (
        (" 10.0.0.5:9000 ", "10.0.0.5"),
        ("10。0。0。5：9000", "10.0.0.5"),  # by a Chinese keyboard
        ("[fe80::1%eth0]:9000", "fe80::1%eth0"),
        ("localhost:9000", "127.0.0.1"),
    ):
        choice.typed = typed
        assert choice.obstacle() is None, typed
        assert choice.whom() == Destination(2, Endpoint(host, 9000))
    assert choice.clients() == ()


def test_no_bytes_are_something_for_clients_that_get_datagrams_alone() -> None:
    choice = TargetChoice(
        journal=JOURNAL,
        online=ref_set({1, 2}),
        server_of=lambda client: client.number,
        datagrams={2: True},
    )
    assert not choice.takes_nothing()  # client 1 has a stream
    choice.online = ref_set({2})
    assert choice.takes_nothing()
    choice.online = ref_set(set())
    assert not choice.takes_nothing()
    choice.kind = TargetKind.ADDRESS
    assert choice.takes_nothing()


def test_all_clients_of_a_server() -> None:
    choice = TargetChoice(
        TargetKind.SERVER,
        journal=JOURNAL,
        online=ref_set({1, 2, 3}),
        server_id=2,
        server_of=lambda client: 2 if client.number > 1 else 1,
    )
    assert choice.clients() == (ref(2), ref(3))
    assert choice.obstacle() is None
    choice.server_id = 7  # nobody there, though others are online
    assert choice.clients() == ()
    assert choice.obstacle() is Obstacle.NO_CLIENT
