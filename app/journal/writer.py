"""The journal's one writer thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from app.journal.entry import Kind
from app.journal.errors import JournalClosed
from app.journal.intake import BUDGET_BYTES, Intake
from app.journal.ledger import Item, Ledger
from app.journal.pruning import Pruned
from app.journal.recent import DATA, OVERHEAD_BYTES, Row, size_of
from app.journal.rowbatch import MOST_ROWS
from app.journal.store import Store

RETRY_S = 0.5  # after a failed transaction
REST_S = 0.25  # nothing came for so long: time to bring the file up to date
UNITE_EVERY_S = 5.0  # … and now and then where something always comes
# The most in one transaction: it lasts <= 40 ms, and the workers fill the rest of the budget
# meanwhile. It is just enough for 2,048 entries of 1 KiB, which one statement takes.
SLICE_BYTES = BUDGET_BYTES * 5 // 8
MANY_ENTRIES = 256  # from here on what fills no statement waits for the next transaction
PRUNED_EVERY_S = 10.0  # how often the log says that the oldest entries went


class Writer(threading.Thread):
    """Stores what has gathered, one transaction at a time; on any error keeps all and retries."""

    def __init__(
        self,
        intake: Intake,
        ledger: Ledger,
        store: Store,
        on_problem: Callable[[Exception | None], None],
    ) -> None:
        super().__init__(name="journal-writer", daemon=True)
        self._intake = intake
        self._ledger = ledger
        self._store = store
        self._on_problem = on_problem  # called in this thread when the disk fails or recovers
        self._united_s = monotonic()
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
        """Until finished: gather, store, settle; whatever happens."""
        while not self._given_up.is_set():
            closing = self._closing  # read before looking: nothing comes after it
            try:
                at_work = self._work()
            except Exception as error:  # noqa: BLE001 - the workers would wait for ever
                self._fail(error)
            else:
                if closing and not at_work:
                    break
        self._end()

    def _work(self) -> bool:
        """Store some of what has gathered; return whether there was anything."""
        self._intake.sleep_if_idle(REST_S if self._store.is_apart else None)
        rows, items = self._intake.take(), self._ledger.waiting()
        if self._failing:
            rows = self._without_stored(rows)
        if rows or items:
            self._store_some(rows, items)
        self._unite(resting=not (rows or items))
        if self._failing:
            self._failing = False
            self._report(None)
        return bool(rows or items)

    def _unite(self, *, resting: bool) -> None:
        """Bring into the main file what a copy of that file alone would lack."""
        now_s = monotonic()
        seldom = now_s - self._united_s >= UNITE_EVERY_S and not self._intake.crowded
        if self._store.is_apart and not self._closing and (resting or seldom):
            self._store.unite()
            self._united_s = now_s

    def _fail(self, error: Exception) -> None:
        """Keep everything, say so, and try again in a moment."""
        self._failing = True
        self._report(error)
        self._given_up.wait(RETRY_S)
        self._intake.poke()  # what is to be stored is not new, but waits

    def _report(self, error: Exception | None) -> None:
        with suppress(Exception):  # who cannot take the news must not end this thread
            self._on_problem(error)

    def _without_stored(self, rows: list[Row]) -> list[Row]:
        """What failed may have been stored all the same: settle what is in the file."""
        stored_id = self._store.recover()
        done = sum(row[0] <= stored_id for row in rows)
        self._intake.settle(done, size_of(rows[:done]))
        return rows[done:]

    def _store_some(self, rows: list[Row], items: list[Item]) -> None:
        count, size_bytes = _slice_of(rows)
        pruned = self._store.write(rows[:count], size_bytes, items)
        self._ledger.settle(len(items))
        self._intake.settle(count, size_bytes)
        if count < len(rows):
            self._intake.poke()
        self._note_pruned(pruned)

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
        except Exception as error:  # noqa: BLE001 - all is stored; only the tidying failed
            self._report(error)
        finally:
            self._store.close()


def _slice_of(rows: list[Row]) -> tuple[int, int]:
    """How many of `rows` go into one transaction, and the memory they take; at least one."""
    most = _statement_of(len(rows))
    size_bytes = 0
    for count, row in enumerate(rows[:most]):
        more_bytes = len(row[DATA]) + OVERHEAD_BYTES
        if count and size_bytes + more_bytes > SLICE_BYTES:
            fitting = _statement_of(count)
            return fitting, size_bytes - size_of(rows[fitting:count])
        size_bytes += more_bytes
    return min(len(rows), most), size_bytes


def _statement_of(count: int) -> int:
    """Of many rows, as many as one statement takes: the others wait for the next transaction."""
    return count if count < MANY_ENTRIES else min(1 << count.bit_length() - 1, MOST_ROWS)
