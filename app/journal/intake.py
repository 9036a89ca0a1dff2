"""The way in: entries get their id and wait in memory until the writer has stored them."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from time import monotonic_ns, time_ns

from app.journal.entry import Kind
from app.journal.errors import JournalClosed
from app.journal.recent import OVERHEAD_BYTES, Recent, Row, newest
from app.journal.room import Room

BUDGET_BYTES = 4 * 1024 * 1024  # of what is not stored yet
ROOM_BYTES = 3 * BUDGET_BYTES // 4  # workers go on when no more than this waits
WAKE_BYTES = 1024 * 1024  # worth a transaction before GATHER_S is over
GATHER_S = 0.06  # how long the writer lets entries gather
_STEP_NS = 1_000_000_000  # a clock set by less is not worth a word
# A clock that nobody sets, and that goes on while the computer sleeps: on Linux and macOS
# `monotonic_ns` does not.
_STEADY = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
_steady_ns = monotonic_ns if _STEADY is None else partial(time.clock_gettime_ns, _STEADY)
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Intake:
    """The part of the journal that every worker runs through. Any thread.

    One lock guards the three lists: entries stored lately, being stored, and waiting. Each list
    follows the one before it without a gap in the ids. `append` never waits for the disk: whoever
    can wait looks at `crowded` afterwards and calls `wait_for_room`.
    """

    def __init__(self, last_id: int, on_news: Callable[[], None]) -> None:
        self.crowded = False  # more than the budget waits for the disk
        self.last_id = last_id  # given last
        self.stored_id = last_id  # committed last
        self.bytes_in = 0  # received since the journal was opened
        self.bytes_out = 0  # sent since the journal was opened
        self.waiting_bytes = 0  # memory of what is not stored yet
        self._last_ns = time_ns()  # the wall clock at the last entry
        self._ahead_ns = self._last_ns - _steady_ns()  # of the steady clock
        self._lock = threading.Lock()
        self._stored: list[Row] = []
        self._storing: list[Row] = []
        self._open: list[Row] = []
        self._alarm_bytes = WAKE_BYTES  # `waiting_bytes` at which `_attend` is due
        self._unheard = True  # the next append must look: somebody waits for it
        self._news_wanted = True
        self._asleep = False  # the writer waits for a first entry or a poke
        self._poked = False
        self._shut = False
        self._wake = threading.Event()
        self._room = Room()
        self._when_room: list[Callable[[], object]] = []
        self._on_news = on_news

    def append(
        self, client_id: int, kind: int, data: bytes, offset: int = 0, encoding: str = ""
    ) -> int:
        """Take an entry and return its id. Never waits for the disk. Raises JournalClosed."""
        size_bytes = len(data)
        with self._lock:
            if self._shut:
                raise JournalClosed
            now_ns = time_ns()
            if not 0 <= now_ns - self._last_ns < _STEP_NS:
                self._compare_clocks(now_ns)
            self._last_ns = now_ns
            entry_id = self.last_id = self.last_id + 1
            self._open.append(
                (entry_id, now_ns, monotonic_ns(), client_id, kind, offset, data, encoding)
            )
            self.waiting_bytes += size_bytes + OVERHEAD_BYTES
            if kind == 0:
                self.bytes_in += size_bytes
            elif kind == 1:
                self.bytes_out += size_bytes
        if self._unheard or self.waiting_bytes >= self._alarm_bytes:
            self._attend()
        return entry_id

    def pass_by(self, size_bytes: int) -> None:
        """Count bytes that were sent and are not kept. Any thread."""
        with self._lock:
            self.bytes_out += size_bytes

    def _compare_clocks(self, now_ns: int) -> None:
        """Some time has passed, or seems to have: say so if the clock was set. Under the lock."""
        ahead_ns = now_ns - _steady_ns()
        by_ms = (ahead_ns - self._ahead_ns) // 1_000_000
        self._ahead_ns = ahead_ns
        if abs(by_ms) >= _STEP_NS // 1_000_000:
            self.last_id += 1
            data = _as_json({"by_ms": by_ms}).encode()
            row = (self.last_id, now_ns, monotonic_ns(), 0, int(Kind.CLOCK_SET), 0, data, "")
            self._open.append(row)
            self.waiting_bytes += len(data) + OVERHEAD_BYTES

    def append_event(self, client_id: int, kind: int, **detail: object) -> int:
        """Take an event with the facts that `Kind` lists for it; return its id."""
        # A lone surrogate (an undecodable name, say) must not cost the event.
        data = _as_json(detail).encode("utf-8", "surrogatepass")
        # A plain int: SQLite's module takes any other kind of number by a detour.
        return self.append(client_id, int(kind), data)

    def _attend(self) -> None:
        """What an append seldom has to do: wake the writer, tell the news, stop the workers."""
        with self._lock:
            if self._asleep:
                self._asleep = False
                self._wake.set()
            if self.waiting_bytes >= self._alarm_bytes:
                self._wake.set()
                self.crowded = self.waiting_bytes >= BUDGET_BYTES
                self._alarm_bytes = sys.maxsize if self.crowded else BUDGET_BYTES
            due, self._news_wanted, self._unheard = self._news_wanted, False, False
        if due:
            self._on_news()

    def rearm_news(self) -> int:
        """Ask to be told of the next entry; return the id given last. Cheap; once a frame."""
        with self._lock:
            self._news_wanted = self._unheard = True
            return self.last_id

    def tell_news(self) -> None:
        """Say that something other than an entry is new."""
        with self._lock:
            due, self._news_wanted = self._news_wanted, False
        if due:
            self._on_news()

    def wait_for_room(self) -> None:
        """Block until the budget has room again, or the journal is closed. Workers only."""
        self._room.wait(lambda: self.crowded and not self._shut)

    def when_room(self, call: Callable[[], object]) -> None:
        """Call once, as soon as the budget has room or the journal is closed; maybe at once.

        For threads that must not block. The call, in any thread, must return at once.
        """
        with self._lock:
            if waits := self.crowded and not self._shut:
                self._when_room.append(call)
        if not waits:
            call()

    @property
    def waiting_threads(self) -> int:
        """The number of workers in `wait_for_room`."""
        return self._room.waiting

    def recent(self) -> Recent:
        """Return what is in memory now. Any thread; never waits for the writer."""
        with self._lock:
            parts = (self._stored, self._storing, self._open)
            last_id = self.last_id
        oldest = parts[0] or parts[1] or parts[2]
        return Recent(oldest[0][0] if oldest else last_id + 1, last_id, parts)

    # What follows is for the writer thread alone.

    def sleep_if_idle(self, patience_s: float | None = None) -> None:
        """Wait for a first entry or a poke, then let more gather for GATHER_S.

        Not longer than about `patience_s` for the first one.
        """
        with self._lock:
            idle = not (self._open or self._poked or self._shut)
            if idle:
                self._asleep = self._unheard = True
                self._wake.clear()
        if idle and not self._wake.wait(patience_s):
            return
        if self._shut:
            return
        self._wake.clear()
        if self.waiting_bytes < WAKE_BYTES:
            self._wake.wait(GATHER_S)
            self._wake.clear()

    def poke(self) -> None:
        """Something other than a new entry is to be stored: wake the writer if it sleeps."""
        with self._lock:
            self._poked = True
            if self._asleep:
                self._asleep = False
                self._wake.set()

    def take(self) -> list[Row]:
        """Return all that is to be stored. The same again, and more, until it is settled."""
        with self._lock:
            self._poked = False
            self._storing, self._open = self._storing + self._open, []
            if not self.crowded:
                self._alarm_bytes = min(self.waiting_bytes + WAKE_BYTES, BUDGET_BYTES)
            return self._storing

    def settle(self, count: int, freed_bytes: int) -> None:
        """The first `count` of the rows taken are stored: keep the newest, make room.

        `freed_bytes` is what `size_of` says of them.
        """
        done, rest = self._storing[:count], self._storing[count:]
        kept = newest(self._stored + done) if done else self._stored
        with self._lock:
            self._stored, self._storing = kept, rest
            if done:
                self.stored_id = done[-1][0]
            self.waiting_bytes -= freed_bytes
            if self.waiting_bytes <= ROOM_BYTES:
                self.crowded = False
            if not self.crowded:
                low = self.waiting_bytes < WAKE_BYTES
                self._alarm_bytes = WAKE_BYTES if low else BUDGET_BYTES
        if not self.crowded:
            self._call_back()
            self._room.release()

    def shut(self) -> None:
        """Refuse further entries, wake the writer and everybody who waits for room."""
        with self._lock:
            self._shut = True
            self._wake.set()
        self._room.release()
        self._call_back()

    def _call_back(self) -> None:
        with self._lock:
            calls, self._when_room = self._when_room, []
        for call in calls:
            call()
