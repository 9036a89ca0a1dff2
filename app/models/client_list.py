"""The rows of the client table as a plain list: who is in it, who is offline, in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from app.models.client_columns import CONSTANT, Column
from app.models.client_order import ordered
from app.net.facts import ClientState

if TYPE_CHECKING:
    from app.journal.refs import ClientRef
    from app.models.client_row import Client


class ClientList:
    """Clients in the order of the table. GUI thread; knows nothing of Qt."""

    def __init__(self, clients: Iterable[Client] = ()) -> None:
        self.rows: list[Client] = []
        self.column = Column.NUMBER
        self.descending = False
        self._online: dict[ClientRef, Client] = {}
        self._offline: dict[ClientRef, Client] = {}  # in the order in which they left
        self._places: dict[ClientRef, int] | None = {}  # made anew when somebody asks
        self._unsorted = False
        self.append(clients)

    @property
    def online_count(self) -> int:
        """Clients that have not been reported gone."""
        return len(self._online)

    @property
    def offline(self) -> Collection[ClientRef]:
        """Clients that are gone, in the order in which they left."""
        return self._offline.keys()

    def is_online(self, client: ClientRef) -> bool:
        """Whether the client is in the table and not reported gone."""
        return client in self._online

    def new_among(self, clients: Iterable[Client]) -> list[Client]:
        """Return those that are not in the table yet."""
        return [
            client
            for client in clients
            if client.ref not in self._online and client.ref not in self._offline
        ]

    def append(self, clients: Iterable[Client]) -> None:
        """Put new clients below the others."""
        for client in clients:
            gone = client.state is ClientState.OFFLINE
            (self._offline if gone else self._online)[client.ref] = client
            self.rows.append(client)
        self._places = None
        self._unsorted = True

    def mark_offline(self, clients: Iterable[Client]) -> None:
        """These clients are gone."""
        for client in clients:
            known = self._online.pop(client.ref, None)
            if known is not None:
                self._offline[client.ref] = known

    def oldest_offline(self, count: int) -> list[ClientRef]:
        """Return those that left first."""
        return list(islice(self._offline, max(count, 0)))

    def offline_last(self, clients: Collection[ClientRef]) -> tuple[list[Client], int]:
        """Return the rows with these offline clients at the end, and how many they are."""
        gone = {client for client in clients if client in self._offline}
        leaving = [client for client in self.rows if client.ref in gone]
        staying = [client for client in self.rows if client.ref not in gone]
        return staying + leaving, len(leaving)

    def cut(self, count: int) -> list[Client]:
        """Take the last `count` rows away and return them."""
        at = len(self.rows) - count
        gone = self.rows[at:]
        del self.rows[at:]
        for client in gone:
            self._offline.pop(client.ref, None)
        self._places = None
        return gone

    def sort_by(self, column: Column, *, descending: bool) -> None:
        """Sort by `column` from now on."""
        self.column = column
        self.descending = descending
        self._unsorted = True

    def sorted_rows(self) -> list[Client] | None:
        """Return the rows as they should stand now; None if they stand so."""
        if not self._unsorted and self.column in CONSTANT:
            return None
        self._unsorted = False
        rows = ordered(self.rows, self.column, descending=self.descending)
        return None if rows == self.rows else rows

    def arrange(self, rows: list[Client]) -> None:
        """Put the same clients into another order."""
        self.rows = rows
        self._places = None

    def place(self, client: ClientRef) -> int | None:
        """Return the row of a client; None if it is not in the table."""
        if self._places is None:
            self._places = {client.ref: at for at, client in enumerate(self.rows)}
        return self._places.get(client)
