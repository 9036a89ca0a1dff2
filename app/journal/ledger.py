"""What is to be stored beside entries, in order: clients, openings, bookmarks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import NamedTuple

from app.journal.entry import Bookmark, ClientRecord, Opening


class ClientChange(NamedTuple):
    """What is new about one client; None: as before."""

    client_id: int
    encoding: str | None
    closed_ns: int | None
    reason: str | None
    note: str | None

    def applied_to(self, record: ClientRecord) -> ClientRecord:
        """Return `record` with this change."""
        named = self._asdict()
        return record._replace(**{key: named[key] for key in named if named[key] is not None})

    def over(self, earlier: ClientChange) -> ClientChange:
        """Return one change that does what `earlier` and then this one do."""
        merged = (b if b is not None else a for a, b in zip(earlier, self, strict=True))
        return ClientChange(*merged)  # type: ignore[arg-type]


Item = ClientRecord | ClientChange | Opening | Bookmark


def storable(text: str) -> str:
    """Return `text` without lone surrogates, which SQLite's UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Merged(NamedTuple):
    """What is to be stored: at most one change for each client, and for each entry."""

    records: list[ClientRecord]
    changes: list[ClientChange]
    openings: list[Opening]
    bookmarks: list[Bookmark]


def merged(items: Iterable[Item]) -> Merged:
    """Return the new clients, the changes of others, the openings and the bookmarks."""
    records: dict[int, ClientRecord] = {}
    changes: dict[int, ClientChange] = {}
    openings = []
    bookmarks: dict[int, Bookmark] = {}
    for item in items:
        if isinstance(item, Opening):
            openings.append(item)
            continue
        if isinstance(item, Bookmark):
            bookmarks[item.entry_id] = item
            continue
        key = item.client_id
        if isinstance(item, ClientRecord):
            records[key] = item
        elif key in records:
            records[key] = item.applied_to(records[key])
        else:
            changes[key] = item.over(changes[key]) if key in changes else item
    return Merged([*records.values()], [*changes.values()], openings, [*bookmarks.values()])


class Ledger:
    """Clients, their changes, openings and bookmarks on their way to the file. Any thread.

    An item leaves only when it is committed, so a reader that looks here first and into the file
    afterwards finds it in one of the two; applied twice it does no harm.
    """

    def __init__(self, poke: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._items: list[Item] = []
        self._poke = poke

    def add(self, record: ClientRecord) -> None:
        """Take a new client."""
        self._take(
            record._replace(
                host=storable(record.host),
                encoding=storable(record.encoding),
                reason=storable(record.reason),
                note=storable(record.note),
                local_host=storable(record.local_host),
            )
        )

    def opened(self, opening: Opening) -> None:
        """Take the opening of a server."""
        self._take(opening._replace(name=storable(opening.name)))

    def update(
        self,
        client_id: int,
        encoding: str | None = None,
        closed_ns: int | None = None,
        reason: str | None = None,
        note: str | None = None,
    ) -> None:
        """Take what is new about a client; None leaves a field as it is."""
        safe_note = None if note is None else storable(note)
        self._take(ClientChange(client_id, encoding, closed_ns, reason, safe_note))

    def mark(self, bookmark: Bookmark) -> None:
        """Take a bookmark, or that an entry has none any more."""
        comment = None if bookmark.comment is None else storable(bookmark.comment)
        self._take(bookmark._replace(comment=comment))

    def _take(self, item: Item) -> None:
        with self._lock:
            self._items.append(item)
        self._poke()

    def waiting(self) -> list[Item]:
        """Return what is not committed yet, in order."""
        with self._lock:
            return self._items[:]

    def settle(self, count: int) -> None:
        """The first `count` items are committed."""
        with self._lock:
            del self._items[:count]

    def of_client(self, client_id: int) -> list[Item]:
        """Return what is not committed yet about one client."""
        with self._lock:
            items = self._items[:]
        clients = [item for item in items if isinstance(item, ClientRecord | ClientChange)]
        return [item for item in clients if item.client_id == client_id]


def overlaid(stored: dict[int, ClientRecord], items: Iterable[Item]) -> dict[int, ClientRecord]:
    """Return the clients read from the file with what is still on its way applied."""
    for item in items:
        if isinstance(item, ClientRecord):
            stored[item.client_id] = item  # maybe anew: it comes from elsewhere, as it turned out
        elif isinstance(item, ClientChange) and item.client_id in stored:
            stored[item.client_id] = item.applied_to(stored[item.client_id])
    return stored
