"""Clients on another machine: one that vanishes, one that is slow, one whose address has a zone."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest

from app.journal.entry import Kind
from app.net.facts import ClientState, CloseReason, Endpoint
from app.net.in_flight import InFlight, has_vanished, silent_s
from app.net.session import LATE_S, Session
from app.net.wire import patience_s
from tests.net.rig import Rig
from tests.support.far_away import FarAway, far_away
from tests.support.wait import wait_until

__all__ = ["far_away"]

CLIENT = """
import socket, sys
client = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
client.settimeout(None)
size = int(sys.argv[3])
if size:
    client.recv(size)
sys.stdin.read()
"""


def command(rig: Rig, reads_bytes: int = 0) -> tuple[str, ...]:
    host, port = rig.endpoint
    return sys.executable, "-c", CLIENT, host, str(port), str(reads_bytes)


def only(rig: Rig, count: int = 1) -> list[Session]:
    wait_until(lambda: len(rig.seen.joins) == count)
    return list(rig.seen.joins)


def test_who_vanishes_is_noticed_whether_or_not_something_is_on_its_way(
    make_rig: Callable[..., Rig], far_away: FarAway
) -> None:
    rig = make_rig(host=far_away.here, keepalive_s=1)
    with far_away.running(*command(rig)), far_away.running(*command(rig)):
        silent, asked = only(rig, 2)
        far_away.cut()
        rig.server.send([(asked.ref, b"are you there?", "")])
        wait_until(lambda: asked.outlet.unacknowledged is not None)
        size_bytes, _ = asked.outlet.unacknowledged or (0, 0)
        assert size_bytes == 14
        assert asked.state is ClientState.ONLINE  # every byte is on its way for a while
        wait_until(lambda: asked.state is ClientState.UNACKNOWLEDGED)
        size_bytes, seconds = asked.unacknowledged or (0, 0)
        assert (size_bytes, seconds) == (14, LATE_S)
        for session in (silent, asked):
            wait_until(lambda gone=session: gone in rig.seen.leaves)
            assert session.reason is CloseReason.TIMED_OUT
        assert asked.outlet.unacknowledged is None
        assert silent.outlet.unacknowledged is None


def test_who_merely_does_not_read_is_never_ended(
    make_rig: Callable[..., Rig], far_away: FarAway, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig(host=far_away.here, keepalive_s=1)
    with far_away.running(*command(rig)):
        (session,) = only(rig)
        rig.server.send([(session.ref, bytes(8_000_000), "")])
        wait_until(lambda: session.waiting_bytes)
        begun_s = time.monotonic()
        wait_until(lambda: session.outlet.unacknowledged is not None)
        # For as long as it took the other one to be given up, twice.
        wait_until(lambda: time.monotonic() > begun_s + 2 * patience_s(1), 30)
        assert session.reason is None


def test_a_link_local_client_keeps_its_zone(
    make_rig: Callable[..., Rig], far_away: FarAway
) -> None:
    here, there = far_away.add_link_local()
    rig = make_rig(host=here)
    port = rig.endpoint.port
    assert rig.endpoint == Endpoint(here, port)
    (opened,) = rig.entries(Kind.SERVER_OPENED)
    assert opened.detail["endpoints"] == [[here, port]]
    on_their_side = f"fe80::1%{far_away.peer}"
    client = (sys.executable, "-c", CLIENT, on_their_side, str(port), "1")
    with far_away.running(*client) as process:
        (session,) = only(rig)
        as_seen_here = there.partition("%")[0] + "%" + far_away.device
        assert session.endpoint.host == as_seen_here
        assert str(session.endpoint).startswith(f"[{as_seen_here}]:")
        reader = rig.journal.reader()
        wait_until(lambda: reader.client(session.client_id))
        record = reader.client(session.client_id)
        reader.close()
        assert record is not None
        assert record.host == as_seen_here
        process.kill()
        rig.wait_gone(session)


PATIENCE_S = 75.0


@pytest.mark.parametrize(
    ("flight", "since_s", "vanished"),
    [
        # On its way, and nothing was heard since.
        (InFlight(14, 1, 0, 80.0, 52.0), 80.0, True),
        (InFlight(14, 1, 0, 74.0, 52.0), 74.0, False),
        # It was silent for an hour before: that says nothing.
        (InFlight(14, 1, 0, 3600.0, 0.2), 0.0, False),
        (InFlight(14, 1, 0, 3600.0, 0.2), 76.0, True),
        # Heard a moment ago: a slow way, but it answers.
        (InFlight(90_000, 60, 0, 0.1, 0.3), 3000.0, False),
        # Its system drops what has no room, answers each time, and is asked ever more seldom.
        (InFlight(90_000, 1, 0, 110.0, 120.0), 3000.0, False),
        # It does not read: it has no room, and says so whenever it is asked.
        (InFlight(90_000, 0, 0, 110.0, 0.2), 3000.0, False),
        (InFlight(90_000, 0, 1, 110.0, 0.2), 3000.0, False),
        # It did not read, and has vanished.
        (InFlight(90_000, 0, 2, 110.0, 0.2), 3000.0, True),
        (InFlight(90_000, 0, 2, 40.0, 0.2), 3000.0, False),
    ],
)
def test_when_a_client_has_vanished(flight: InFlight, since_s: float, vanished: bool) -> None:
    assert has_vanished(flight, since_s, PATIENCE_S) is vanished
    assert silent_s(flight, since_s) <= flight.heard_s
