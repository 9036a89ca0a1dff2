"""Hundreds and thousands of clients that flood: what it does to the rate, the window, the others.

A crowd has a knee: a remedy that helps fifty may fall over thousands. So each is measured beside
fifty, in the same minute.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from tests.bench.clients import crowd
from tests.bench.driven import Driven
from tests.bench.figures import Figure, Values, at_least, at_most
from tests.bench.flooder import flooding
from tests.bench.pinging import pinged
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.watching import TookTooLong, wait_for

FIFTY = 50
CHUNK_BYTES = 1_024
QUIET_BYTES = 16_384
BACKLOG = 4_096
LONGEST_S = 120.0
LEFT_S = 20.0


def figures(clients: int) -> tuple[Figure, ...]:
    """What so many are measured by."""
    who = f"{clients:,} clients, 1,024-byte chunks"
    return (
        Figure("chunks_per_s", f"{who}: recorded (bare: by us from 50)", "/s",
               baseline="fifty_per_s", ratio=at_least(0.8)),
        Figure("ping_p99_ms", "window answers a ping meanwhile, p99", "ms", at_most(33)),
        Figure("ping_max_ms", "the same, longest", "ms"),
        Figure("quiet_s", "16 KiB of one that is quiet else are received after", "s", at_most(3)),
        Figure("closed_s", "the port closed under them, every worker gone", "s", at_most(3)),
        Figure("left_behind", "threads and descriptors left then", "", at_most(0)),
    )  # fmt: skip


def many(clients: int) -> Callable[[Stage, Size], Values]:
    """Return the case for so many clients."""

    def run(stage: Stage, size: Size) -> Values:
        os.sync()
        with stage.window(recv_size_bytes=CHUNK_BYTES) as window:
            fifty = _flood(window, FIFTY, size.many_s)
        os.sync()
        with stage.window(recv_size_bytes=CHUNK_BYTES, backlog=BACKLOG) as window:
            values = _flood(window, clients, size.many_s)
        return values | {"fifty_per_s": fifty["chunks_per_s"]}

    return run


def _flood(window: Driven, clients: int, seconds: float) -> Values:
    watched = window.watched
    watched.settle()
    threads, descriptors = watched.threads, watched.descriptors
    with crowd(window.port, 1) as quiet, flooding(window.port, CHUNK_BYTES, clients):
        window.do("await_online", LONGEST_S, count=clients + 1)
        with pinged(window.window) as ping:
            before = window.do("report")
            from_s = time.monotonic()
            quiet.sockets[0].send(bytes(QUIET_BYTES))
            quiet_s = quiet.wait_read(LONGEST_S) - from_s
            time.sleep(max(0.0, from_s + seconds - time.monotonic()))
            after = window.do("report")
            ping.stop()
        closed = window.do("close_port", LONGEST_S)
        values = {
            "chunks_per_s": _chunks(before, after) / (after["at_s"] - before["at_s"]),
            "quiet_s": quiet_s,
            "closed_s": closed["at_s"] - closed["from_s"],
        }

        def left() -> int:
            return max(0, watched.threads - threads) + max(0, watched.descriptors - descriptors)

        with contextlib.suppress(TookTooLong):
            wait_for(lambda: not left(), LEFT_S, "nothing is left")
        return values | ping.values | {"left_behind": left()}


def _chunks(before: Values, after: Values) -> float:
    return (after["bytes_in"] - before["bytes_in"]) / CHUNK_BYTES
