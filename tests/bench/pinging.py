"""A window's pings, from a process of its own: here nothing needs the X server's library."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

from tests.bench.driven import Child, child
from tests.bench.figures import Values, quantile

LATE_S = 10.0  # longest wait for the last answers


class Pinged:
    """Pings under way from a process of its own, which our load does not delay."""

    def __init__(self, pinging: Child) -> None:
        self._child = pinging
        self.values: Values = {}

    def stop(self) -> None:
        """End; `values` has the 99th percentile and the worst then."""
        if self.values:
            return
        assert self._child.process.stdin is not None
        self._child.process.stdin.close()
        found = json.loads(self._child.line(LATE_S + 5))
        self.values = {
            "ping_p99_ms": quantile(found, 0.99),
            "ping_max_ms": max(found),
            "pings": len(found),
        }


@contextlib.contextmanager
def pinged(window_id: int) -> Iterator[Pinged]:
    """Ping a window for as long as the block lasts."""
    with child(["-m", "tests.bench.ping", str(window_id)]) as pinging:
        pinging.line(10)  # it is connected
        found = Pinged(pinging)
        yield found
        found.stop()
