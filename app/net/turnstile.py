"""A crowd goes through a turnstile: not ten thousand workers at once.

A worker that waits in `recv` wakes as soon as its client says something or leaves. When ten
thousand clients leave together, ten thousand workers wake together, and each then stands in line
for the interpreter: whoever else needs it, the window first of all, comes after them, a second or
more later. Nothing can be done about it once they have woken.

So only the first FREE clients of a server are waited for in `recv`. The workers of those that come
later wait here, each at a lock of its own; one thread watches their sockets and opens the locks of
those that have something to receive, AT_ONCE at a time, and waits a moment for them to come back
before it opens the next ones. For the worker it is still one call: `recv` returns bytes.

Linux only (epoll). Elsewhere every worker waits in `recv`.
"""

from __future__ import annotations

import contextlib
import select
import threading
from collections.abc import Iterable

from app.net.trace import thread_begins, thread_ends, told
from app.net.traced_socket import TracedSocket
from app.net.wakeup import WakeUp
from app.net.wire import BlockingWire

FREE = 200  # workers that may wake whenever they like: some 20 ms of work
AT_ONCE = 8  # more only stand in each other's way
PATIENCE_S = 0.02  # a worker may have to wait for the disk, or for its client
IS_KNOWN = hasattr(select, "epoll")


class Turnstile:
    """The thread that lets workers through. `open` to `close` are for the server's threads."""

    def __init__(self, *, on_show: bool = True) -> None:
        """`on_show`: whoever traces calls is told of the thread."""
        self._on_show = on_show
        self._places: dict[int, _Place] = {}  # by descriptor
        self._lock = threading.Lock()  # guards the two below
        self._wires = 0
        self._thread: threading.Thread | None = None  # from the first of a crowd to its last
        self._latest: threading.Thread | None = None

    def open(self) -> None:
        """Get the descriptors it needs, where there is a turnstile. Raises OSError."""
        if not IS_KNOWN:
            return
        self._poll = select.epoll()
        self._wakeup = WakeUp()
        self._poll.register(self._wakeup.fileno(), select.EPOLLIN)

    def close(self, deadline_s: float) -> bool:
        """End the thread, when no worker is left; return whether it ended in time."""
        if not IS_KNOWN:
            return True
        self._end_thread()
        if self._latest is not None:
            self._latest.join(deadline_s)
            if self._latest.is_alive():
                return False
        self._poll.close()
        self._wakeup.close()
        return True

    @property
    def ident(self) -> int | None:
        """The thread's identifier; None while there is no crowd."""
        thread = self._thread
        return None if thread is None else thread.ident

    def wire(self, client: TracedSocket) -> QueuedWire:
        """Return a wire for a client's socket whose `recv` waits here. Thread: the listener."""
        with self._lock:
            self._wires += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="turnstile", daemon=True)
                self._latest = self._thread
                self._thread.start()
        return QueuedWire(client, self)

    def _end_thread(self) -> None:
        self._thread = None  # it looks, and ends
        self._wakeup.wake()

    # -- a worker's thread -------------------------------------------------------------------

    def wait(self, fileno: int) -> None:
        """Wait until the socket has something to receive and it is this worker's turn."""
        place = self._places.get(fileno)
        if place is None:
            place = self._places[fileno] = _Place()
            self._poll.register(fileno, _ONCE)
        else:
            place.come_back()
            self._poll.modify(fileno, _ONCE)
        place.gate.acquire()

    def leave(self, fileno: int) -> None:
        """Come no more; before the socket is closed."""
        place = self._places.pop(fileno, None)
        if place is not None:
            self._poll.unregister(fileno)
            place.come_back()
        with self._lock:
            self._wires -= 1
            if not self._wires:
                self._end_thread()

    # -- the turnstile's thread --------------------------------------------------------------

    def _run(self) -> None:
        thread_begins("turnstile", on_show=self._on_show)
        while self._thread is threading.current_thread():
            ready = told("poll", None, self._poll.poll, -1, AT_ONCE)
            group = _Group(self._places.get(fileno) for fileno, _ in ready)
            group.let_through()
        self._wakeup.clear()
        thread_ends()


class _Place:
    """Where one worker waits."""

    __slots__ = ("gate", "group")

    def __init__(self) -> None:
        self.gate = threading.Lock()
        self.gate.acquire()  # closed
        self.group: _Group | None = None  # with which it was let through

    def come_back(self) -> None:
        """Tell those it went with; thread: the worker's."""
        group, self.group = self.group, None
        if group is not None:
            group.one_is_back()


class _Group:
    """Workers let through together."""

    def __init__(self, places: Iterable[_Place | None]) -> None:
        self._places = [place for place in places if place is not None]
        self._out = len(self._places)
        self._lock = threading.Lock()
        self._all_back = threading.Event()

    def let_through(self) -> None:
        """Open their gates, and wait a moment for them to come back."""
        for place in self._places:
            place.group = self
            # Already open: the descriptor is a new client's, and its worker is about to look.
            with contextlib.suppress(RuntimeError):
                place.gate.release()
        if self._places:
            self._all_back.wait(PATIENCE_S)

    def one_is_back(self) -> None:
        """One has received what there was, or has left; thread: its worker's."""
        with self._lock:
            self._out -= 1
            last = self._out == 0
        if last:
            self._all_back.set()


class QueuedWire(BlockingWire):
    """One of a crowd: its worker waits at the turnstile, and then receives without waiting."""

    __slots__ = ("_turnstile",)

    def __init__(self, client: TracedSocket, turnstile: Turnstile) -> None:
        super().__init__(client, self._wait_and_recv)
        self._turnstile = turnstile

    def _wait_and_recv(self, size_bytes: int) -> bytes:
        while True:
            try:
                return self._at_once(size_bytes)
            except BlockingIOError:
                self._turnstile.wait(self._socket.fileno())

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""
        self._turnstile.leave(self._socket.fileno())
        super().close()


if IS_KNOWN:
    _ONCE = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT
