"""The journal's one writer thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from app.journal.entry import Kind
from app.journal.errors import JournalClosed
from app.journal.intake import BUDGET_BYTES, Intake
from app.journal.ledger import Ledger
from app.journal.pruning import Pruned
from app.journal.recent import DATA, OVERHEAD_BYTES, Row, size_of
from app.journal.store import Store

RETRY_S = 0.5  # after a failed transaction
# The most in one transaction: it lasts <= 40 ms, and the workers fill the other half of the budget
# meanwhile.
SLICE_BYTES = BUDGET_BYTES // 2
PRUNED_EVERY_S = 10.0  # how often the log says that the oldest entries went


class Writer(threading.Thread):
    """Stores what has gathered, one transaction at a time; on an error it keeps all and retries."""

    def __init__(
        self,
        intake: Intake,
        ledger: Ledger,
        store: Store,
        on_problem: Callable[[sqlite3.Error | None], None],
    ) -> None:
        super().__init__(name="journal-writer", daemon=True)
        self._intake = intake
        self._ledger = ledger
        self._store = store
        self._on_problem = on_problem  # called in this thread when the disk fails or recovers
        self._failing = False
        self._closing = False
        self._given_up = threading.Event()
        self._pruned_count = 0
        self._pruned_bytes = 0
        self._pruned_told_s = -PRUNED_EVERY_S

    def finish(self) -> None:
        """Ask the thread to store the rest and end."""
        self._closing = True
        self._intake.shut()

    def give_up(self) -> None:
        """Ask the thread to end with what it could store."""
        self._given_up.set()

    def run(self) -> None:
        """Until finished: gather, store, settle."""
        while not self._given_up.is_set():
            closing = self._closing  # read before looking: nothing comes after it
            self._intake.sleep_if_idle()
            rows, clients = self._intake.take(), self._ledger.waiting()
            if rows or clients:
                self._attempt(rows, len(clients))
            elif closing:
                break
        self._end()

    def _attempt(self, rows: list[Row], clients: int) -> None:
        try:
            if self._failing:  # the last COMMIT may have come through although it failed
                stored = self._store.committed_id()
                done = sum(row[0] <= stored for row in rows)
                rows = self._settled(rows, done, size_of(rows[:done]))
            self._store_all(rows, clients)
        except sqlite3.Error as error:
            self._failing = True
            self._on_problem(error)
            self._given_up.wait(RETRY_S)
            self._intake.poke()  # what is to be stored is not new, but waits
        else:
            if self._failing:
                self._failing = False
                self._on_problem(None)

    def _settled(self, rows: list[Row], count: int, size_bytes: int) -> list[Row]:
        self._intake.settle(count, size_bytes)
        return rows[count:]

    def _store_all(self, rows: list[Row], clients: int) -> None:
        items = self._ledger.waiting()[:clients]
        while rows or items:
            count, size_bytes = _slice_of(rows)
            self._note_pruned(self._store.write(rows[:count], items))
            self._ledger.settle(len(items))
            items = []
            rows = self._settled(rows, count, size_bytes)

    def _note_pruned(self, pruned: Pruned) -> None:
        self._pruned_count += pruned.entries
        self._pruned_bytes += pruned.freed_bytes
        now_s = monotonic()
        if self._pruned_count and now_s - self._pruned_told_s >= PRUNED_EVERY_S:
            with suppress(JournalClosed):  # the last moments of a run
                self._intake.append_event(
                    0, Kind.PRUNED, count=self._pruned_count, size_bytes=self._pruned_bytes
                )
            self._pruned_count = self._pruned_bytes = 0
            self._pruned_told_s = now_s

    def _end(self) -> None:
        try:
            if not self._given_up.is_set():
                self._store.finish()
        except sqlite3.Error as error:  # all entries are stored; only the tidying failed
            self._on_problem(error)
        finally:
            self._store.close()


def _slice_of(rows: list[Row]) -> tuple[int, int]:
    """How many of `rows` go into one transaction, and the memory they take; at least one."""
    size_bytes = 0
    for count, row in enumerate(rows):
        more_bytes = len(row[DATA]) + OVERHEAD_BYTES
        if count and size_bytes + more_bytes > SLICE_BYTES:
            return count, size_bytes
        size_bytes += more_bytes
    return len(rows), size_bytes
