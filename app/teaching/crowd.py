"""Demo clients: any number of real sockets, played by one thread."""

from __future__ import annotations

import contextlib
import heapq
import selectors
import socket
import struct
import threading
import time
from collections import Counter, deque
from itertools import count
from typing import TYPE_CHECKING

from app.net.facts import Endpoint
from app.net.wakeup import WakeUp
from app.teaching.habits import Habit, Reset, reads, script_of
from app.threads import begin

if TYPE_CHECKING:
    from collections.abc import Callable

_RECV_SIZE_BYTES = 4096
DIALLED = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # nobody can dial "all addresses"
# A hundred at once would overflow a backlog of 128: the kernel then lets some believe that they are
# connected, and resets them later.
_AT_ONCE, _PAUSE_S = 25, 0.02
_RST = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close sends a RST (socket(7))


class DemoClient:
    """One client: a socket and the script it follows. Its crowd's thread plays it."""

    def __init__(self, kind: Habit, server: Endpoint, encoding: str) -> None:
        """Raises OSError where there is no socket to be had."""
        host = DIALLED.get(server.host, server.host)
        family, style, protocol, _, address = socket.getaddrinfo(
            host, server.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )[0]
        self.kind = kind
        self.socket = socket.socket(family, style, protocol)
        try:
            # The server is on this machine, so its address is one of ours. Bound before it dials,
            # the client's own endpoint is known before the server sees it.
            self.socket.bind((address[0], 0, *address[2:]))
            self.socket.setblocking(False)
        except OSError:
            self.socket.close()
            raise
        self.address = address
        self.endpoint = Endpoint(*self.socket.getsockname()[:2])
        self.sent_bytes = 0
        self.received_bytes = 0
        self.is_over = False
        self.has_dialled = False
        self.script = script_of(kind, self._send, encoding)

    def _send(self, data: bytes) -> None:
        # A full buffer: the server does not read. What does not fit is not said.
        with contextlib.suppress(BlockingIOError):
            self.sent_bytes += self.socket.send(data)

    def read(self) -> bool:
        """Take what has come; return whether more may come."""
        chunk = self.socket.recv(_RECV_SIZE_BYTES)
        self.received_bytes += len(chunk)
        return bool(chunk)

    def close(self, *, reset: bool = False) -> None:
        """Leave: politely, or with a RST."""
        with contextlib.suppress(OSError):
            if reset:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
            else:
                self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.is_over = True


class Crowd:
    """All demo clients of a window. `add`, `stop`, `close`: one thread, any. Bounded by the user.

    The playing thread begins with the first client and ends with `close`.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        """`on_change` is called by the playing thread when a client has left."""
        self._on_change = on_change
        self._orders: deque[Callable[[], None]] = deque()
        self._clients: set[DemoClient] = set()  # those that play; the thread's own
        self._due: list[tuple[float, int, DemoClient]] = []  # a heap
        self._order = count()
        self._counts: Counter[Habit] = Counter()  # read by any thread
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()  # whoever gives an order, and the thread as it ends
        self._plays = False  # there is a thread that takes orders
        self._wakeup: WakeUp
        self._selector: selectors.BaseSelector

    def add(self, kind: Habit, server: Endpoint, encoding: str, number: int = 1) -> list[Endpoint]:
        """Add clients, and return where they will come from. Raises OSError; then none was added.

        Returns at once: they dial in the crowd's thread.
        """
        made: list[DemoClient] = []
        try:
            for _ in range(number):
                made.append(DemoClient(kind, server, encoding))  # noqa: PERF401
            with self._lock:
                self._begin()
                self._counts[kind] += number
                self._tell(lambda: self._dial_all(made))
        except OSError:
            for client in made:
                client.close()
            raise
        return [client.endpoint for client in made]

    def counts(self) -> Counter[Habit]:
        """How many of each kind play now. Any thread."""
        return +self._counts

    def stop(self, kind: Habit | None = None) -> None:
        """Let all of a kind leave politely, or all there are. Returns at once."""
        with self._lock:
            self._tell(lambda: self._leave(kind))

    def close(self, timeout_s: float = 2.0) -> None:
        """Let all leave, and end the thread."""
        with self._lock:
            self._stopping = True
            self._tell(lambda: None)
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _begin(self) -> None:
        if not self._plays:
            self._wakeup = WakeUp()
            try:
                self._selector = selectors.DefaultSelector()
                self._selector.register(self._wakeup, selectors.EVENT_READ)
            except OSError:
                self._wakeup.close()
                raise
            thread = threading.Thread(target=self._play, name="demo-clients", daemon=True)
            try:
                begin(thread)
            except OSError:
                self._selector.close()
                self._wakeup.close()
                raise
            self._thread = thread
            self._plays, self._stopping = True, False

    def _tell(self, order: Callable[[], None]) -> None:
        if self._plays:
            self._orders.append(order)
            self._wakeup.wake()

    # -- the playing thread --------------------------------------------------------------------

    def _play(self) -> None:
        try:
            while not self._stopping:
                for key, events in self._selector.select(self._patience_s()):
                    if key.data is None:
                        self._wakeup.clear()
                    else:
                        self._on_ready(key.data, events)
                while self._orders:
                    self._orders.popleft()()
                self._next_steps()
        finally:  # also after what nobody foresaw: the next `add` begins anew
            with self._lock:
                while self._orders:  # nobody must be left half made
                    self._orders.popleft()()
                self._leave(None)
                self._due.clear()
                self._selector.close()
                self._wakeup.close()
                self._plays = False

    def _patience_s(self) -> float | None:
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def _dial_all(self, clients: list[DemoClient]) -> None:
        self._clients.update(clients)
        for number, client in enumerate(clients):
            self._plan(client, number // _AT_ONCE * _PAUSE_S)

    def _dial(self, client: DemoClient) -> None:
        client.has_dialled = True
        error = client.socket.connect_ex(client.address)
        if error and not _is_under_way(error):
            self._end(client)
        else:  # writable: connected, or refused
            self._selector.register(client.socket, selectors.EVENT_WRITE, client)

    def _plan(self, client: DemoClient, wait_s: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + wait_s, next(self._order), client))

    def _on_ready(self, client: DemoClient, events: int) -> None:
        if client.is_over:
            return
        try:
            if events & selectors.EVENT_WRITE:
                self._on_connected(client)
            elif not client.read():
                self._end(client)
        except BlockingIOError:
            pass
        except OSError:  # refused, reset: then it is over
            self._end(client)

    def _on_connected(self, client: DemoClient) -> None:
        client.socket.getpeername()  # raises where the connection failed
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if reads(client.kind):
            self._selector.modify(client.socket, selectors.EVENT_READ, client)
        else:
            self._selector.unregister(client.socket)
        self._step(client)

    def _next_steps(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            client = heapq.heappop(self._due)[2]
            if client.is_over:
                continue
            if client.has_dialled:
                self._step(client)
            else:
                self._dial(client)

    def _step(self, client: DemoClient) -> None:
        """Let the client do what its script says next."""
        try:
            wait_s = next(client.script)
        except (StopIteration, OSError):
            self._end(client)
        except Reset:
            self._end(client, reset=True)
        else:
            if wait_s is not None:
                self._plan(client, wait_s)

    def _end(self, client: DemoClient, *, reset: bool = False) -> None:
        if client.is_over:
            return
        with contextlib.suppress(KeyError, ValueError):  # one that never reads is not registered
            self._selector.unregister(client.socket)
        client.close(reset=reset)
        self._clients.discard(client)
        self._counts[client.kind] -= 1
        self._on_change()

    def _leave(self, kind: Habit | None) -> None:
        for client in [c for c in self._clients if kind in (None, c.kind)]:
            self._end(client)


def _is_under_way(error: int) -> bool:
    import errno

    return error in (errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0))
