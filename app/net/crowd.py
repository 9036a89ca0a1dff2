"""A crowd goes through a turnstile: two workers at once, and not ten thousand.

A worker that waits in the system's `recv` wakes as soon as its client says something or leaves, and
then needs the interpreter. When ten thousand leave together, or fifty have always something to say,
each stands in the way of the others, and whoever else needs the interpreter, the window first of
all, comes after them. Nothing can be done about it once they have woken.

So no worker waits in the system's `recv`: each waits here, at a gate of its own, and receives only
when it was let in. AT_ONCE are inside at any time: one runs while the kernel copies for the other.
(With 50 clients that flood, at once 1, 2, 3, 4, 50: 109,000, 120,000, 114,000, 105,000 and 62,000
chunks a second, and a window answers a ping within 12, 6, 13, 22 and 70 to 130 ms.) A visit is over
when there is nothing more to receive, or after VISIT chunks; then the worker goes to the end of the
line, and on its way out lets the next one in. The line is the kernel's own list of sockets that are
ready: whoever has been ready for the longest is first, and adding to it or taking from it costs the
same for two clients and for ten thousand. TCP slows the clients of those in line.

While nobody is ready there is a thread that waits for all of them; it lets the first ones in. A
worker that takes PATIENCE_S inside (it waits for the disk, for a debugger, in slow motion) is not
waited for: another one is let in beside it.

For the worker it is still one call: `recv` returns bytes. See `wire`.

Linux (epoll) and macOS (kqueue). Windows' select takes 512 sockets: there, every worker waits in
`recv` itself.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Protocol

from app.net.process import leave_signals_to_the_main_thread
from app.net.trace import thread_begins, thread_ends, told
from app.net.wakeup import WakeUp

AT_ONCE = 2
VISIT = 64  # chunks, or fewer large ones
PATIENCE_S = 0.02
LINGERING = 8  # at once, and LINGER_S each
LINGER_S = 0.01


class Poll(Protocol):
    """Which sockets have something to receive: each is told once, until it is asked for again."""

    def ask(self, fileno: int, *, first: bool) -> None:
        """Ask for this socket, for the first time or again. Raises OSError."""

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return some of those asked for that are ready, the longest ready first."""

    def forget(self, fileno: int) -> None:
        """Ask for it no longer; before the socket is closed."""

    def close(self) -> None:
        """Give the descriptor back."""


class EpollPoll:
    """Linux."""

    def __init__(self) -> None:
        self._poll = select.epoll()

    def ask(self, fileno: int, *, first: bool) -> None:
        """Ask for this socket, for the first time or again. Raises OSError."""
        events = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT
        (self._poll.register if first else self._poll.modify)(fileno, events)

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return some of those asked for that are ready, the longest ready first."""
        return [fileno for fileno, _ in self._poll.poll(-1 if wait else 0, most)]

    def forget(self, fileno: int) -> None:
        """Ask for it no longer; before the socket is closed."""
        self._poll.unregister(fileno)

    def close(self) -> None:
        """Give the descriptor back."""
        self._poll.close()


class KqueuePoll:
    """macOS."""

    def __init__(self) -> None:
        self._queue = select.kqueue()  # type: ignore[attr-defined]

    def ask(self, fileno: int, *, first: bool) -> None:
        """Ask for this socket, for the first time or again. Raises OSError."""
        self._change(fileno, select.KQ_EV_ADD | select.KQ_EV_ONESHOT)  # type: ignore[attr-defined]

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return some of those asked for that are ready, the longest ready first."""
        return [event.ident for event in self._queue.control(None, most, None if wait else 0)]

    def forget(self, fileno: int) -> None:
        """Ask for it no longer; before the socket is closed."""
        with suppress(FileNotFoundError):  # told already: then it is forgotten
            self._change(fileno, select.KQ_EV_DELETE)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Give the descriptor back."""
        self._queue.close()

    def _change(self, fileno: int, flags: int) -> None:
        event = select.kevent(fileno, select.KQ_FILTER_READ, flags)  # type: ignore[attr-defined]
        self._queue.control([event], 0)


class Gate:
    """Where one worker waits; its methods are for that worker."""

    __slots__ = ("_crowd", "fileno", "lingers", "lock")

    def __init__(self, crowd: Crowd, fileno: int) -> None:
        self.fileno = fileno
        self.lock = threading.Lock()
        self.lock.acquire()  # closed
        self.lingers = False  # inside, but it waits for its client: others may come in beside it
        self._crowd = crowd

    @property
    def may_stay(self) -> bool:
        """Whether it may stay inside: nobody wants to come in, and few linger."""
        crowd = self._crowd
        return not crowd.is_full and len(crowd.inside) <= LINGERING

    def wait(self, *, more: bool) -> bool:
        """Wait until there is something to receive and it is this worker's turn.

        `more`: there may be, at once; the visit was over. Returns False if everybody may come and
        go: then wait in `recv`. Raises OSError.
        """
        return self._crowd.wait(self, more=more)

    def step_aside(self) -> None:
        """Let others in meanwhile: this worker is about to wait for something else."""
        self._crowd.step_aside(self)

    def leave(self) -> None:
        """Come no more; before the socket is closed."""
        self._crowd.leave(self)


class Crowd:
    """Everybody's turnstile. `open` and `close` are for the engine, the rest for any thread."""

    def __init__(self, report: Callable[[Exception], None], *, on_show: bool = True) -> None:
        """`report` is told what the thread died of. `on_show`: who traces is told of the thread."""
        self._report = report
        self._on_show = on_show
        self._poll: Poll
        self._wakeup: WakeUp
        self._thread: threading.Thread | None = None
        self._room = threading.Event()  # the thread may look again
        self._lock = threading.Lock()  # guards the following
        self._gates: dict[int, Gate] = {}  # by descriptor: those that have ever waited
        self.inside: dict[Gate, float] = {}  # since when (monotonic)
        self.is_full = False  # the thread waits until somebody comes out
        self._is_wide = True  # open: nobody waits here

    def open(self) -> None:
        """Start the turnstile, where there is one. Raises OSError, RuntimeError: no more threads.

        Whatever was opened is closed by `close`, also then.
        """
        make = POLL
        if make is None:
            return
        self._wakeup = WakeUp()
        self._poll = make()
        self._poll.ask(self._wakeup.fileno(), first=True)
        self._is_wide = False
        thread = threading.Thread(target=self._run, name="turnstile", daemon=True)
        thread.start()
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
        """The thread's identifier; None where there is no turnstile."""
        return None if self._thread is None else self._thread.ident

    # -- a worker's thread -------------------------------------------------------------------

    def wait(self, gate: Gate, *, more: bool) -> bool:
        """See `Gate.wait`."""
        with self._lock:
            if self._is_wide:
                return False
            self._poll.ask(gate.fileno, first=gate.fileno not in self._gates)
            self._gates[gate.fileno] = gate
            self._come_out(gate, look=more)
        gate.lock.acquire()
        return True

    def step_aside(self, gate: Gate) -> None:
        """See `Gate.step_aside`."""
        with self._lock:
            self._come_out(gate, look=True)

    def leave(self, gate: Gate) -> None:
        """See `Gate.leave`."""
        with self._lock:
            if self._gates.pop(gate.fileno, None) is not None and not self._is_wide:
                self._poll.forget(gate.fileno)
            self._come_out(gate, look=True)

    # -- under the lock ----------------------------------------------------------------------

    def _come_out(self, gate: Gate, *, look: bool) -> None:
        """Whoever comes out lets the next one in, if somebody waits; it may be the same one."""
        if self.inside.pop(gate, None) is None or self._is_wide:
            return  # nobody waited for it any longer
        if look or self.is_full:
            self._let_in(self._poll.ready(1, wait=False))
        if self.is_full and self._free() > 0:
            self.is_full = False
            self._room.set()

    def _free(self) -> int:
        return AT_ONCE - sum(not gate.lingers for gate in self.inside)

    def _let_in(self, filenos: list[int]) -> None:
        for fileno in filenos:
            gate = self._gates.get(fileno)
            if gate is not None:  # else it was the wake-up pair
                self.inside[gate] = monotonic()
                gate.lock.release()

    # -- the turnstile's thread ----------------------------------------------------------------

    def _run(self) -> None:
        leave_signals_to_the_main_thread()
        thread_begins("turnstile", on_show=self._on_show)
        try:
            while not self._is_wide:
                if free := self._wait_for_room():
                    filenos = told("poll", None, self._wait_ready, free)
                    with self._lock:
                        self._let_in(filenos)
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
            if (free := self._free()) > 0:
                return free
            self.is_full = True
            self._room.clear()
        self._room.wait(PATIENCE_S)
        with self._lock:
            self.is_full = False
            late_s = monotonic() - PATIENCE_S
            for gate in [gate for gate, since_s in self.inside.items() if since_s < late_s]:
                del self.inside[gate]  # it is held up by something else
        return 0

    def _open_wide(self) -> None:
        """Let everybody come and go from now on: each then waits in `recv`."""
        with self._lock:
            self._is_wide = True
            self._room.set()
            for gate in self._gates.values():
                with suppress(RuntimeError):  # it is open already
                    gate.lock.release()


def _system_poll() -> Callable[[], Poll] | None:
    if hasattr(select, "epoll"):
        return EpollPoll
    return KqueuePoll if hasattr(select, "kqueue") else None


POLL = _system_poll()  # None: no turnstile
