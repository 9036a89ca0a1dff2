"""Which server each client of a journal belongs to."""

from __future__ import annotations


class ClientServers:
    """Client numbers to server numbers; with one server it takes no room.

    `note` is for one thread at a time, `of` for any: a dictionary's get and set are atomic.
    """

    def __init__(self) -> None:
        self._usual = 0  # of whoever came first; 0: nobody did
        self._others: dict[int, int] = {}  # clients of other servers

    def note(self, client_id: int, server_id: int) -> None:
        """This client belongs to that server."""
        if not self._usual:
            self._usual = server_id
        if server_id != self._usual:
            self._others[client_id] = server_id

    def of(self, client_id: int) -> int:
        """Return a client's server; 0 if nobody was noted."""
        return self._others.get(client_id, self._usual)
