"""The end of all clients at once, when the port is closed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.net.facts import CloseReason

if TYPE_CHECKING:
    from app.net.session import Session

BATCH = 100  # so many clients are ended at a time: not ten thousand threads at once
BATCH_DEADLINE_S = 0.1


def end_all(workers: list[tuple[threading.Thread, Session]]) -> None:
    """End every client, in batches; each batch gets a moment to leave. Thread: the listener."""
    for first in range(0, len(workers), BATCH):
        _end_batch(workers[first : first + BATCH])


def _end_batch(workers: list[tuple[threading.Thread, Session]]) -> None:
    for _, session in workers:
        session.outlet.end(CloseReason.SERVER_CLOSED)
    deadline_s = time.monotonic() + BATCH_DEADLINE_S
    for worker, _ in workers:
        worker.join(max(0.0, deadline_s - time.monotonic()))
