"""Python's cycle collector, fitted to a program whose window must not stop."""

from __future__ import annotations

import gc

# A full collection looks at every object there is, with the interpreter held: with ten thousand
# clients a tenth of a second, and Python's own thresholds ask for one again and again while they
# come. What the server makes by the thousand (rows, sessions) has no cycles.
THRESHOLDS = (10_000, 20, 100)


def rest_collector() -> None:
    """Collect nothing while everything that is made stays: 10 ms of a start."""
    gc.disable()


def calm_collector() -> None:
    """Leave alone what was made at the start; look less often at the rest."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()
