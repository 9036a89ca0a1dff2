"""The live journal: every chunk and every event of this run, on disk within 0.1 s."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from app.journal.entry import Bookmark, ClientRecord, Opening
from app.journal.errors import JournalUnreadable, Unreadable
from app.journal.file_size import is_too_large
from app.journal.holds import Holds
from app.journal.intake import Intake
from app.journal.ledger import Ledger
from app.journal.lock import release_lock, take_lock
from app.journal.reader import LiveSource, Reader
from app.journal.recent import Recent
from app.journal.refs import JournalKey
from app.journal.sqlite_errors import error_code, error_text
from app.journal.store import Store
from app.journal.trail import Loose
from app.journal.writer import Writer
from app.report import log

LIMIT_BYTES = 4 * 1024**3
FULL_BYTES = 64 * 1024**2  # not stored yet: from here on also those wait who bring little


Fault = Literal["full", "too_large", "failing", "gone"]
"""No room on the disk; the file may not grow, on FAT32 for example; anything else; and while all
goes on: somebody has deleted the file, so that everything goes when it is closed."""


@dataclass(frozen=True, slots=True)
class JournalHealth:
    """Whether what comes in can be stored."""

    problem: str | None = None  # the system's own words
    fault: Fault | None = None
    waiting_bytes: int = 0  # in memory, not stored yet


def _nothing() -> None:
    """Nobody wants the news."""


class Journal(Intake):
    """One file, its lock and its writer thread. Every method may be called by any thread.

    `append`, `append_event`, `crowded`, `wait_for_room` and `rearm_news` are described in `Intake`.
    `on_news` is called once after each `rearm_news`: by the thread that appends the next entry, or
    by the writer thread when the health changes; it must return at once.

    `configure` is called with the writer's connection, for settings that only tests need.
    Raises JournalBusy if the file is in use, JournalUnreadable if it is none of ours.
    """

    def __init__(
        self,
        path: Path,
        *,
        limit_bytes: int = LIMIT_BYTES,
        on_news: Callable[[], None] = _nothing,
        configure: Callable[[sqlite3.Connection], object] | None = None,
    ) -> None:
        self.path = path
        self.key = JournalKey(path)  # what its clients' and entries' numbers belong to
        self.holds = Holds()  # of those who follow it
        with ExitStack() as undo:
            self._file_lock = take_lock(path)
            undo.callback(release_lock, self._file_lock)
            self._store = Store(path, limit_bytes, configure, self.holds)
            undo.callback(self._store.close)
            super().__init__(self._store.last_id, on_news)
            self._client_ids = count(self._store.last_client_id + 1)
            self._ledger = Ledger(self.poke)
            self._fault: tuple[str, Fault] | None = None
            self._lost: int | None = None  # entries; None: not closed yet
            self._writer = Writer(self, self._ledger, self._store, self._note_problem)
            try:
                self._writer.start()
            except RuntimeError as error:  # the system gives no more threads
                raise JournalUnreadable(path, Unreadable.CANNOT_OPEN, str(error)) from error
            undo.pop_all()

    @property
    def first_id(self) -> int:
        """The id of the oldest entry in the file; last_id + 1 if there is none at all."""
        return self._store.first_id

    @property
    def size_bytes(self) -> int:
        """The part of the file that is in use."""
        return self._store.size_bytes

    @property
    def health(self) -> JournalHealth:
        """Whether the disk takes what comes in."""
        gone: tuple[str | None, Fault | None] = (
            (str(self.path), "gone") if self._store.is_gone else (None, None)
        )
        problem, fault = self._fault or gone
        return JournalHealth(problem, fault, self.waiting_bytes)

    @property
    def full(self) -> bool:
        """Whether nobody may bring anything any more, not even a little."""
        return self.waiting_bytes >= FULL_BYTES or self._fault is not None

    def new_client_id(self) -> int:
        """Return a number that no client in this file has had. Ascending."""
        return next(self._client_ids)

    def add_client(self, record: ClientRecord) -> None:
        """Note a new client; it is stored no later than entries that are appended afterwards."""
        self._ledger.add(record)

    def add_opening(self, opening: Opening) -> None:
        """Note that a server was opened."""
        self._ledger.opened(opening)

    def update_client(
        self,
        client_id: int,
        *,
        encoding: str | None = None,
        closed_ns: int | None = None,
        reason: str | None = None,
        note: str | None = None,
    ) -> None:
        """Note what is new about a client; None leaves a field as it is."""
        self._ledger.update(client_id, encoding, closed_ns, reason, note)

    def set_bookmark(self, bookmark: Bookmark) -> None:
        """Note a bookmark, or that an entry has none any more."""
        self._ledger.mark(bookmark)

    def reader(self) -> Reader:
        """Return a reader of this journal for one thread; close it before the journal."""
        source = LiveSource(self._snapshot, self._bounds, self._ledger)
        return Reader(self.path, source, self.key)

    def _snapshot(self) -> tuple[Recent, Loose]:
        # In this order: an entry that left `recent` has been in `loose` before.
        recent = self.recent()
        return recent, self._store.loose

    def _bounds(self) -> tuple[int, int]:
        return self._store.first_id, self.last_id

    def _note_problem(self, error: Exception | None) -> None:
        before = self._fault
        if error is None:
            self._fault = None
        else:
            self._fault = (error_text(error), self._kind_of(error))
        if self._fault != before:
            log.warning(f"journal {self.path.name}: {self._fault or 'is written again'}")
            self.tell_news()

    def _kind_of(self, error: Exception) -> Fault:
        code = error_code(error)
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and is_too_large(self.path):
            return "too_large"
        return "full" if code == sqlite3.SQLITE_FULL else "failing"

    def close(self, deadline_s: float | None = None) -> int:
        """Store the rest, mark the run as ended, free the file; return how many entries were lost.

        Blocks until all is stored, but no longer than about `deadline_s` while the disk refuses.
        Those who wait for room are let go; whoever appends from now on gets JournalClosed.
        """
        if self._lost is None:
            self._writer.finish()
            self._writer.join(deadline_s)
            if self._writer.is_alive():
                self._writer.give_up()
                self._writer.join()
            self._lost = self.last_id - self.stored_id
            release_lock(self._file_lock)
        return self._lost
