"""What became of one user's send, client by client."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Protocol

from app.net.facts import SendReport, SendResult


class Counts(Protocol):
    """Who hears what became of one send to one client."""

    def settle(self, client_id: int, result: SendResult) -> None:
        """The kernel took the last byte, or it never will. Any thread, without a lock held."""


class Tally:
    """Keeps a SendReport up to date and tells its reader when there is news.

    A client counts as often as it is named: once for each parcel. `tell` is called once when the
    first outcome is known for every parcel, and once more when the last of those that waited was
    sent or given up; only once if none had to wait. The report's clients are all there from the
    beginning, so another thread may iterate over it meanwhile.
    """

    def __init__(
        self, send_id: int, client_ids: Iterable[int], tell: Callable[[SendReport], None]
    ) -> None:
        self._open = Counter(client_ids)  # parcels of each client that are not settled
        self.report = SendReport(send_id, dict.fromkeys(self._open, SendResult.WAITING))
        self._tell = tell
        self._lock = threading.Lock()
        self._waiting = self._open.total()
        self._announced = False

    def settle(self, client_id: int, result: SendResult) -> None:
        """Note what became of one parcel; of a client's several, a failure stands. Thread: any.

        More often than there are parcels does nothing: what a thread that hangs will never settle
        is settled for it, and it may come to life afterwards.
        """
        with self._lock:
            if not self._open[client_id]:
                return
            self._open[client_id] -= 1
            self._waiting -= 1
            results = self.report.results
            is_last = not self._open[client_id]
            if results[client_id] is SendResult.WAITING and (
                is_last or result is not SendResult.SENT
            ):
                results[client_id] = result
            self.report.finished = self._waiting == 0
            complete = self.report.finished and self._announced
        if complete:
            self._tell(self.report)

    def announce(self) -> None:
        """Tell the first outcomes: every parcel has been tried. Thread: sender."""
        with self._lock:
            self._announced = True
            self.report.finished = self._waiting == 0
        self._tell(self.report)
