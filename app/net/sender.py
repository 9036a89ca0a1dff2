"""The thread that writes for everybody else: users' sends, and what waits in the outboxes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from app.net.facts import CloseReason, SendResult
from app.net.readiness import Readiness, system_readiness
from app.net.trace import thread_begins, thread_ends, told

if TYPE_CHECKING:
    from app.net.outlet import Outlet
    from app.net.tally import Tally
    from app.net.turns import Turns

# Client, its outlet (None if it is offline), bytes, and the encoding they were written in.
Item = tuple[int, "Outlet | None", bytes, str]
MANY = 16  # clients: a send to so many goes before what is received


class Sender:
    """One thread named "sender". `open` to `join` are for the server, the rest for any thread.

    The GUI thread must never write to a socket itself: each call would hand over the interpreter
    lock, and beside one busy thread a thousand sends would take seconds. It leaves an order here.
    """

    def __init__(self, turns: Turns, *, on_show: bool = True) -> None:
        """`turns` wait for a send to many. `on_show`: whoever traces is told of the thread."""
        self._turns = turns
        self._on_show = on_show
        self._readiness: Readiness[Outlet]
        self._orders: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._stopping = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def open(self) -> None:
        """Get the descriptors it needs; the thread gives them back."""
        self._readiness = system_readiness()

    def start(self) -> None:
        """Begin to carry out orders."""
        self._thread.start()

    def stop(self) -> None:
        """Carry out what was ordered, then end."""
        self._stopping = True
        self._readiness.wake()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; return whether it came."""
        self._thread.join(timeout_s)
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
        self._order(partial(_end_all, list(outlets), reason))

    def watch(self, fileno: int, outlet: Outlet) -> None:
        """Call `outlet.write_waiting()` whenever its socket takes bytes."""
        self._readiness.watch(fileno, outlet)

    def forget(self, fileno: int) -> None:
        """Stop that; before the socket is closed."""
        self._readiness.forget(fileno)

    def _order(self, order: Callable[[], None]) -> None:
        with self._lock:
            if not self._ended:
                self._orders.append(order)
                order = self._readiness.wake
        order()  # after the end there is nobody online: the order itself finds that out at once

    def _run(self) -> None:
        thread_begins("sender", on_show=self._on_show)
        while not self._is_done():
            for outlet in told("select", None, self._readiness.wait):
                outlet.write_waiting()
            while self._orders:
                self._orders.popleft()()
        self._readiness.close()
        thread_ends()

    def _send_all(self, items: list[Item], tally: Tally) -> None:
        # Beside a flood, a thousand sends would wait for the interpreter a thousand times.
        with self._turns.all_taken() if len(items) >= MANY else nullcontext():
            self._send_each(items, tally)
        tally.announce()

    def _send_each(self, items: list[Item], tally: Tally) -> None:
        for client_id, outlet, data, encoding in items:
            if outlet is None:
                tally.settle(client_id, SendResult.GONE)
            else:
                outlet.send(data, encoding, tally)

    def _is_done(self) -> bool:
        with self._lock:
            self._ended = self._stopping and not self._orders
            return self._ended


def _end_all(outlets: list[Outlet], reason: CloseReason) -> None:
    for outlet in outlets:
        outlet.end(reason)
