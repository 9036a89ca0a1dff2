"""A crowd goes through a turnstile: two workers at once, and not ten thousand.

A worker that waits in `recv` wakes as soon as its client says something or leaves, and then needs
the interpreter. When ten thousand leave together, or fifty have always something more to say, each
stands in the way of the others, and whoever else needs the interpreter, the window first of all,
comes after them. Nothing can be done about it once they have woken.

So a worker waits in the system's `recv` for a first chunk only. As long as there is more it waits
here, at a gate of its own, and receives when it was let in. And only FREE of them wait in `recv` at
all: those of clients that come later wait here for their first chunk too. AT_ONCE are inside at any
time: one runs while the kernel copies for the other. (With 50 clients that flood, at once 1, 2, 3,
4, 50: 109,000, 120,000, 114,000, 105,000 and 62,000 chunks a second, and a window answers a ping
within 12, 6, 13, 22 and 70 to 130 ms.) Whoever comes out lets the next one in:

- one who has just got something, for FIRST_VISIT chunks: mostly that is all. Of those who wait here
  the longest ready is first: that line is the kernel's own list of sockets that are ready, and
  costs the same for two clients and for ten thousand;
- every fourth time, one of those who had a visit and were not done: they stand in a line of their
  own, and are let in for VISIT chunks. So nobody waits long behind thousands that flood; TCP slows
  their clients.

While nobody is ready there is a thread that waits for all of them; it lets the first ones in. A
worker that takes PATIENCE_S inside (it waits for the disk, for a debugger, in slow motion) is not
waited for: another one is let in beside it.

(Why not everybody here, always: a wait costs two more wake-ups than one in `recv`. Fifty clients
that chat would take twice the processor time.)

For the worker it is still one call: `recv` returns bytes. See `wire`, and `poll` for the systems.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from app.net import poll
from app.net.poll import Poll
from app.net.process import leave_signals_to_the_main_thread
from app.net.trace import USER, Show, thread_begins, thread_ends, told
from app.net.wakeup import WakeUp
from app.threads import begin

FREE = 200  # that may wake whenever they like: some 20 ms of work
AT_ONCE = 2
FIRST_VISIT, VISIT = 16, 64  # chunks, or fewer large ones
LINES_TURN = 4  # every fourth
PATIENCE_S = 0.02


class Gate:
    """Where one worker waits; its methods are for that worker."""

    __slots__ = ("_crowd", "asks", "fileno", "is_free", "lock")

    def __init__(self, crowd: Crowd, fileno: int) -> None:
        self.fileno = fileno
        self.lock = threading.Lock()
        self.lock.acquire()  # closed
        self._crowd = crowd
        self.asks = False  # its worker waits for a first chunk here
        self.is_free = crowd.enrol()  # it may wait for a first chunk elsewhere

    @property
    def others_wait(self) -> bool:
        """Whether somebody may stand in line while AT_ONCE are inside."""
        return self._crowd.is_full

    def wait(self, *, more: bool, again: bool) -> int:
        """Wait until there is something to receive and it is this worker's turn.

        `more`: there is already, it seems; `again`: it has had a visit for it, and was not done.
        Returns how many chunks it may take; 0 if everybody may come and go: then wait in `recv`.
        Raises OSError.
        """
        return self._crowd.wait(self, more=more, again=again)

    def step_aside(self) -> None:
        """Let others in meanwhile: this worker is about to wait for something else."""
        self._crowd.step_aside(self)

    def call(self) -> None:
        """Let the worker in, in its turn, though there is nothing to receive. Thread: any."""
        self._crowd.call(self)

    def leave(self) -> None:
        """Come no more; before the socket is closed."""
        self._crowd.leave(self)


class Crowd:
    """Everybody's turnstile. `open` and `close` are for the engine, the rest for any thread."""

    def __init__(self, report: Callable[[Exception], None], *, show: Show = USER) -> None:
        """`report` is told what the thread died of. `show`: to whose threads it belongs."""
        self._report = report
        self._show = show
        self._poll: Poll
        self._wakeup: WakeUp
        self._thread: threading.Thread | None = None
        self._room = threading.Event()  # the thread may look again
        self._lock = threading.Lock()  # guards the following
        self._gates: dict[int, Gate] = {}  # by descriptor: those that have ever waited
        self._inside: dict[Gate, float] = {}  # since when (monotonic)
        self._free_left = 0  # places for those who wait for a first chunk elsewhere
        self._fresh: deque[Gate] = deque()  # those who have received a first chunk elsewhere
        self._line: deque[Gate] = deque()  # those who had a visit, and were not done
        self._turns = 0
        self.is_full = False  # the thread waits until somebody comes out
        self._is_wide = True  # open: nobody waits here

    def open(self) -> None:
        """Start the turnstile. Raises OSError: no more threads.

        Whatever was opened is closed by `close`, also then.
        """
        self._wakeup = WakeUp()
        self._poll = poll.POLL(self._wakeup)
        self._is_wide = False
        self._free_left = FREE
        thread = threading.Thread(target=self._run, name="turnstile", daemon=True)
        begin(thread)
        self._thread = thread

    def close(self, deadline_s: float) -> bool:
        """Open the gates, end the thread; return whether it ended in time."""
        self._open_wide()
        if self._thread is not None:
            self._wakeup.wake()
            self._thread.join(deadline_s)
            if self._thread.is_alive():
                return False
        for name in ("_poll", "_wakeup"):
            if hasattr(self, name):
                getattr(self, name).close()
        return True

    @property
    def ident(self) -> int | None:
        """The thread's identifier; None before `open`."""
        return None if self._thread is None else self._thread.ident

    # -- a worker's thread -------------------------------------------------------------------

    def enrol(self) -> bool:
        """Return whether one more worker may wait for a first chunk elsewhere. Thread: listener."""
        with self._lock:
            is_free = self._free_left > 0
            self._free_left -= is_free
        return is_free

    def wait(self, gate: Gate, *, more: bool, again: bool) -> int:
        """See `Gate.wait`."""
        with self._lock:
            if self._is_wide:
                return 0
            if more:
                (self._line if again else self._fresh).append(gate)
            else:
                self._poll.ask(gate.fileno, first=gate.fileno not in self._gates)
                self._gates[gate.fileno] = gate
                gate.asks = True
            self._come_out(gate)
            if (
                self._line or self._fresh
            ) and not self.is_full:  # and the thread waits for something else
                self._wakeup.wake()
        gate.lock.acquire()
        return VISIT if more and again else FIRST_VISIT

    def call(self, gate: Gate) -> None:
        """See `Gate.call`."""
        with self._lock:
            if gate.asks and not self._is_wide:
                gate.asks = False
                self._poll.forget(gate.fileno)
                self._fresh.append(gate)
                self._wakeup.wake()

    def step_aside(self, gate: Gate) -> None:
        """See `Gate.step_aside`."""
        with self._lock:
            self._come_out(gate)

    def leave(self, gate: Gate) -> None:
        """See `Gate.leave`."""
        with self._lock:
            self._free_left += gate.is_free
            if self._gates.pop(gate.fileno, None) is not None and not self._is_wide:
                self._poll.forget(gate.fileno)
            self._come_out(gate)

    # -- under the lock ----------------------------------------------------------------------

    def _come_out(self, gate: Gate) -> None:
        """Whoever comes out lets the next one in, if somebody waits; it may be the same one."""
        self._inside.pop(gate, None)
        if self._is_wide or self._places() <= 0:
            return
        if self._line or self._fresh or self.is_full:
            self._let_in(self._next())
        if self.is_full and self._places() > 0:
            self.is_full = False
            self._room.set()

    def _places(self) -> int:
        return AT_ONCE - len(self._inside)

    def _next(self) -> Gate | None:
        """Return who is next: one who has just got something, or now and then one of the line."""
        self._turns += 1
        if self._line and self._turns % LINES_TURN == 0:
            return self._line.popleft()
        if self._fresh and self._turns % 2:
            return self._fresh.popleft()
        for fileno in self._poll.ready(1, wait=False):
            if (gate := self._asking(fileno)) is not None:
                return gate
        others = self._fresh or self._line
        return others.popleft() if others else None

    def _asking(self, fileno: int) -> Gate | None:
        """Return whose socket is ready; None if that is the wake-up pair, or it was called."""
        gate = self._gates.get(fileno)
        return gate if gate is not None and gate.asks else None

    def _let_in(self, gate: Gate | None) -> None:
        if gate is not None and not self._is_wide:
            gate.asks = False
            self._inside[gate] = monotonic()
            gate.lock.release()

    # -- the turnstile's thread ----------------------------------------------------------------

    def _run(self) -> None:
        leave_signals_to_the_main_thread()
        thread_begins("turnstile", show=self._show)
        try:
            while not self._is_wide:
                if free := self._wait_for_room():
                    filenos = told("poll", None, self._wait_ready, free)
                    if not filenos or self._wakeup.fileno() in filenos:
                        self._wakeup.clear()
                    with self._lock:
                        for fileno in filenos:
                            self._let_in(self._asking(fileno))
        except Exception as error:  # noqa: BLE001 — whatever it is: nobody may wait here for ever
            self._report(error)
        finally:
            self._open_wide()
        thread_ends()

    def _wait_ready(self, most: int) -> list[int]:
        return self._poll.ready(most, wait=True)

    def _wait_for_room(self) -> int:
        """Return how many may come in; if nobody may, 0 after a while."""
        with self._lock:
            while (free := self._places()) > 0:
                if not (self._line or self._fresh):
                    return free
                self._let_in(self._next())
            self.is_full = True
            self._room.clear()
        self._room.wait(PATIENCE_S)
        with self._lock:
            self.is_full = False
            late_s = monotonic() - PATIENCE_S
            for gate in [gate for gate, since_s in self._inside.items() if since_s < late_s]:
                del self._inside[gate]  # it is held up by something else
        return 0

    def _open_wide(self) -> None:
        """Let everybody come and go from now on: each then waits in `recv`."""
        with self._lock:
            self._is_wide = True
            self._room.set()
            for gate in (*self._gates.values(), *self._line, *self._fresh):
                with suppress(RuntimeError):  # it is open already
                    gate.lock.release()
