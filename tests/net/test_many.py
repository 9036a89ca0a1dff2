"""Hundreds and thousands of clients that flood: everybody is heard, and closing leaves nothing.

`bench` measures how fast; here it is only told whether anybody is stuck.
"""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable

import pytest

from app.journal.entry import Kind
from app.net.facts import CloseReason
from app.net.process import raise_descriptor_limit
from tests.bench.flooder import flooding
from tests.net.rig import Rig
from tests.support.wait import wait_until

LONGEST_S = 60.0


def test_hundreds(every_rig: Callable[..., Rig]) -> None:
    everybody_is_heard_and_closing_leaves_nothing(every_rig(backlog=4096), 400)


def test_thousands(make_rig: Callable[..., Rig]) -> None:
    everybody_is_heard_and_closing_leaves_nothing(make_rig(backlog=4096), 1_500)


def everybody_is_heard_and_closing_leaves_nothing(rig: Rig, clients: int) -> None:
    raise_descriptor_limit()
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2 * clients:
        pytest.skip("the descriptor limit is too low")
    quiet, session = rig.join()
    with flooding(rig.endpoint.port, 1024, clients):
        wait_until(lambda: len(rig.seen.joins) == clients + 1, LONGEST_S)
        quiet.sendall(b"x" * 16_384)
        wait_until(lambda: session.bytes_in == 16_384, LONGEST_S)
        wait_until(lambda: all(s.bytes_in > 20_000 for s in rig.seen.joins[1:]), LONGEST_S)
        rig.stop()
    assert rig.server.stuck == 0
    assert rig.server.worker_count == 0
    assert {s.reason for s in rig.seen.leaves} == {CloseReason.SERVER_CLOSED}
    assert len(rig.seen.leaves) == clients + 1
    assert not [t.name for t in threading.enumerate() if t.name.startswith("worker-")]
    assert rig.entries(Kind.SERVER_CLOSED)[0].detail == {"server_id": 1, "stuck": 0}
