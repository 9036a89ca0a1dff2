"""The thread that writes for everybody else: users' sends, and what waits in the outboxes."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from app.net.facts import CloseReason, SendResult
from app.net.outbox import Pieces, cut
from app.net.process import leave_signals_to_the_main_thread
from app.net.readiness import Readiness, system_readiness
from app.net.trace import USER, Show, thread_begins, thread_ends, told
from app.threads import begin

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.net.outlet import Outlet
    from app.net.tally import Tally

# Client, its outlet (None if it is offline), bytes, and the encoding they were written in.
Item = tuple[int, "Outlet | None", bytes, str]
TICK_S = 1.0  # between two looks at what is on its way
PAUSE_S = 0.1  # after waiting for sockets failed
REPEAT_S = 60.0  # the same error is not reported again before


class Sender:
    """One thread named "sender". `open` to `join` are for the engine, the rest for any thread.

    The GUI thread must never write to a socket itself: each call would hand over the interpreter
    lock, and beside one busy thread a thousand sends would take seconds. It leaves an order here.

    Whatever an order, a client, a watcher, the journal or the system raises is reported, and the
    thread goes on with the next order: everybody's sends and disconnects rest on it.
    """

    def __init__(self, report: Callable[[Exception], object], *, show: Show = USER) -> None:
        """`report` is told of errors, in the thread in which they happen.

        `show`: to whose threads it belongs.
        """
        self._report = report
        self._show = show
        self._readiness: Readiness[Outlet]
        self._orders: deque[Callable[[], object]] = deque()
        self._lock = threading.Lock()
        self._stopping = False
        self._ended = False
        self._held: dict[Journal, deque[Outlet]] = {}  # they wait until the journal has room
        self._tended: set[Outlet] = set()  # something of theirs is on its way
        self._new: list[Outlet] = []  # to be tended from now on
        self._ticks = False  # the thread looks at `_new` by itself
        self._next_tick_s = 0.0
        self._told_error = ("", 0.0)
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def open(self) -> None:
        """Get the descriptors it needs; the thread gives them back. Raises OSError."""
        self._readiness = system_readiness()

    def close(self) -> None:
        """Give the descriptors back, if the thread could not start."""
        self._readiness.close()

    def start(self) -> None:
        """Begin to carry out orders. Raises OSError: no more threads."""
        begin(self._thread)

    def stop(self) -> None:
        """Carry out what was ordered, then end."""
        self._stopping = True
        self._readiness.wake()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; return whether it came. What it left is carried out here."""
        self._thread.join(timeout_s)
        with self._lock:
            self._ended = True
        self._carry_out()
        return not self._thread.is_alive()

    @property
    def ident(self) -> int | None:
        """The thread's identifier; None before it has started."""
        return self._thread.ident

    def send(self, items: list[Item], tally: Tally) -> None:
        """Send to each client what is meant for it; `tally` tells what came of it."""
        self._order(partial(self._send_all, items, tally))

    def end(self, outlets: Iterable[Outlet], reason: CloseReason) -> None:
        """Disconnect these clients."""
        outlets = list(outlets)
        self._order(lambda: [self._guarded(outlet.end, reason) for outlet in outlets])

    def watch(self, fileno: int, outlet: Outlet) -> None:
        """Call `outlet.write_waiting()` whenever its socket takes bytes. Raises OSError."""
        self._readiness.watch(fileno, outlet)

    def forget(self, fileno: int) -> None:
        """Stop that; before the socket is closed."""
        self._readiness.forget(fileno)

    def hold(self, outlet: Outlet, journal: Journal) -> None:
        """Call `outlet.write_waiting()` once `journal` has room again."""
        self._hold(deque([outlet]), journal)

    def tend(self, outlet: Outlet) -> None:
        """Call `outlet.attend()` every second for as long as it returns True."""
        with self._lock:
            self._new.append(outlet)
            sleeps = not self._ticks and not self._ended
        if sleeps:
            self._readiness.wake()

    def report(self, error: Exception) -> None:
        """Tell of an error that something here survives; the same one not again and again."""
        said, now_s = repr(error), time.monotonic()
        if said == self._told_error[0] and now_s < self._told_error[1] + REPEAT_S:
            return
        self._told_error = said, now_s
        with suppress(Exception):  # the journal is closed, or is what failed
            self._report(error)

    def _order(self, order: Callable[[], object]) -> None:
        with self._lock:
            if not self._ended:
                self._orders.append(order)
                order = self._readiness.wake
        # After the end there is nobody online: the order itself finds that out at once.
        self._guarded(order)

    # -- its thread ------------------------------------------------------------------------

    def _run(self) -> None:
        leave_signals_to_the_main_thread()
        thread_begins("sender", show=self._show)
        try:
            while not self._is_done():
                if not self._guarded(self._write_ready):
                    time.sleep(PAUSE_S)
                self._carry_out()
                self._guarded(self._tick)
        finally:
            with self._lock:
                self._ended = True  # from now on whoever orders something carries it out
            if not self._stopping:
                self.report(RuntimeError("the sender has ended"))
            self._readiness.close()
            thread_ends()

    def _is_done(self) -> bool:
        with self._lock:
            self._ended = self._stopping and not self._orders
            return self._ended

    def _guarded(self, function: Callable[..., object], *arguments: object) -> bool:
        """Call a function that must not end this thread; return whether it succeeded."""
        try:
            function(*arguments)
        except Exception as error:  # noqa: BLE001
            self.report(error)
            return False
        return True

    def _write_ready(self) -> None:
        ready = told("select", None, self._readiness.wait, self._patience_s())
        for outlet in ready:
            self._guarded(outlet.write_waiting)

    def _carry_out(self) -> None:
        while self._orders:
            self._guarded(self._orders.popleft())

    def _send_all(self, items: list[Item], tally: Tally) -> None:
        pieces_of: dict[int, Pieces] = {}  # by the identity of what several clients get
        for client_id, outlet, data, encoding in items:
            try:
                if outlet is None:
                    tally.settle(client_id, SendResult.GONE)
                    continue
                pieces = pieces_of.get(id(data))
                if pieces is None:
                    pieces = pieces_of[id(data)] = cut(data)
                outlet.send(pieces, encoding, tally)
            except Exception as error:  # noqa: BLE001
                self.report(error)
                tally.settle(client_id, SendResult.FAILED)
        tally.announce()

    # -- what waits for the journal, or for the client's system ----------------------------

    def _hold(self, outlets: deque[Outlet], journal: Journal) -> None:
        with self._lock:
            held = self._held.get(journal)
            if held is None:
                self._held[journal] = outlets
            else:
                held.extend(outlets)
        if held is None:
            journal.when_room(lambda: self._order_unless_ended(partial(self._let_go, journal)))

    def _let_go(self, journal: Journal) -> None:
        """Write for those that waited, the longest waiting first, until there is no room again."""
        with self._lock:
            held = self._held.pop(journal)
        while held and not journal.crowded:
            self._guarded(held.popleft().write_waiting)
        if held:
            self._hold(held, journal)

    def _order_unless_ended(self, order: Callable[[], object]) -> None:
        """What nobody needs after the end; the caller may hold an outlet's lock."""
        with self._lock:
            if self._ended:
                return
            self._orders.append(order)
        self._readiness.wake()

    def _patience_s(self) -> float | None:
        """Return how long to wait for sockets: for ever, where nothing needs a look."""
        with self._lock:
            if self._new and not self._ticks:
                self._next_tick_s = time.monotonic() + TICK_S
            self._ticks = bool(self._new or self._tended)
        return max(0.0, self._next_tick_s - time.monotonic()) if self._ticks else None

    def _tick(self) -> None:
        now_s = time.monotonic()
        if not self._ticks or now_s < self._next_tick_s:
            return
        self._next_tick_s = now_s + TICK_S
        with self._lock:
            new, self._new = self._new, []
        self._tended.update(new)
        for outlet in list(self._tended):
            try:
                stays = outlet.attend()
            except Exception as error:  # noqa: BLE001
                stays = True
                self.report(error)
            if not stays:
                self._tended.discard(outlet)
