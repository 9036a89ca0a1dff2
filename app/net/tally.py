"""What became of one user's send, client by client."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from app.net.facts import SendReport, SendResult


class Tally:
    """Keeps a SendReport up to date and tells its reader when there is news.

    `tell` is called once when the first outcome is known for every client, and once more when the
    last of those that waited was sent or went offline; only once if none had to wait. The report's
    clients are all there from the beginning, so another thread may iterate over it meanwhile.
    """

    def __init__(
        self, send_id: int, client_ids: Iterable[int], tell: Callable[[SendReport], None]
    ) -> None:
        self.report = SendReport(send_id, dict.fromkeys(client_ids, SendResult.WAITING))
        self._tell = tell
        self._lock = threading.Lock()
        self._waiting = len(self.report.results)
        self._announced = False

    def settle(self, client_id: int, result: SendResult) -> None:
        """Note a client's final result, once for each client. Thread: any."""
        with self._lock:
            self.report.results[client_id] = result
            self._waiting -= 1
            self.report.finished = self._waiting == 0
            complete = self.report.finished and self._announced
        if complete:
            self._tell(self.report)

    def announce(self) -> None:
        """Tell the first outcomes: every client has been tried. Thread: sender."""
        with self._lock:
            self._announced = True
            self.report.finished = self._waiting == 0
        self._tell(self.report)
