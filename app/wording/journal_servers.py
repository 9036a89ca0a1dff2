"""What the servers of a journal are called, where there are several."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from app.journal.entry import Role
from app.journal.errors import JournalUnreadable
from app.wording.servers import server_text

if TYPE_CHECKING:
    from app.journal.entry import ClientRecord, Entry, Opening
    from app.journal.reader import Reader

_KNOWN = 4096  # clients that are remembered


class JournalServers:
    """Looked up as they are asked for. For the thread of the reader.

    A file of an earlier version notes no server: all of it is one's.
    """

    def __init__(self, reader: Reader, client: Callable[[int], ClientRecord | None]) -> None:
        """`client` gives what is known of one."""
        self._reader, self._client = reader, client
        self._openings: dict[int, Opening] = {}  # the newest of each server
        self._places: dict[int, tuple[str, int]] = {}  # kind and port, by client
        self.look()

    def look(self) -> None:
        """See which servers there are now."""
        with suppress(JournalUnreadable):
            self._openings = {each.server_id: each for each in self._reader.openings()}

    @property
    def are_several(self) -> bool:
        """Whether a server is worth telling."""
        return len(self._openings) > 1

    def kind(self, server_id: int) -> str:
        """Return a server's kind; an old journal has TCP alone."""
        opening = self._opening(server_id)
        return opening.kind if opening is not None else "tcp"

    def place(self, entry: Entry) -> tuple[str, int]:
        """Return kind and port of the server of an entry; port 0: not known."""
        if not entry.client_id:
            server_id = entry.detail.get("server_id")
            return self._of_server(server_id) if isinstance(server_id, int) else ("", 0)
        known = self._places.get(entry.client_id)
        if known is None:
            if len(self._places) >= _KNOWN:
                self._places.clear()
            known = self._of_client(entry.client_id)
            if known[1]:  # else it may become known in a moment
                self._places[entry.client_id] = known
        return known

    def label(self, entry: Entry) -> str:
        """Return `TCP 8080`; "" where nobody noted it."""
        return server_text(*self.place(entry), "")

    def _of_client(self, client_id: int) -> tuple[str, int]:
        record = self._client(client_id)
        if record is None:
            return "", 0
        kind, port = self._of_server(record.server_id)
        # Of a way out that is where it was dialled from, and no port of the server's.
        return kind or "tcp", record.local_port if record.role == Role.CLIENT else port

    def _of_server(self, server_id: int) -> tuple[str, int]:
        opening = self._opening(server_id)
        if opening is None:
            return "", 0
        try:
            (_, port), *_ = json.loads(opening.endpoints)
        except (ValueError, TypeError, RecursionError):  # a damaged file's
            port = 0
        return opening.kind, port if isinstance(port, int) else 0

    def _opening(self, server_id: int) -> Opening | None:
        if server_id not in self._openings:
            self.look()
        return self._openings.get(server_id)
