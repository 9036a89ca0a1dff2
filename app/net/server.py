"""The server: socket, bind, listen, a loop around accept, a thread for each client.

The tutorial's version, for comparison:

    server = socket.socket()
    server.bind(("", 8080))
    server.listen(128)
    while True:
        client, address = server.accept()
        threading.Thread(target=serve_client, args=(client,), daemon=True).start()
"""

from __future__ import annotations

import selectors
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import count

from app.journal.entry import ClientRecord, Kind
from app.journal.errors import JournalClosed
from app.journal.journal import Journal
from app.net.addresses import endpoint_of
from app.net.facts import CloseReason, Endpoint, SendReport, ServerOptions
from app.net.farewell import end_all
from app.net.futexes import widen_futex_table
from app.net.herd import Herd
from app.net.limits import most_clients, raise_descriptor_limit
from app.net.listening import listen_at, waiting_clients
from app.net.oserrors import error_text
from app.net.outlet import Outlet
from app.net.sender import Sender
from app.net.session import Session
from app.net.shared import Reply, Shared
from app.net.signals import leave_signals_to_the_main_thread
from app.net.tally import Tally
from app.net.trace import thread_begins, thread_ends, told
from app.net.traced_socket import TracedSocket
from app.net.turns import Turns
from app.net.turnstile import FREE, IS_KNOWN, Turnstile
from app.net.wakeup import WakeUp
from app.net.watcher import GuardedWatcher, Watcher
from app.net.wire import SYSTEM_WIRE, Wire

PAUSE_S = 0.1  # after accept failed: no descriptors, no memory
STOP_DEADLINE_S = 5.0
SENDER_DEADLINE_S = 1.0


class Server:
    """One open port. `open` is for its owner's thread, `serve` for the listener, the rest for any.

    A server is used once: to open the port again, make another.
    """

    def __init__(
        self,
        options: ServerOptions,
        journal: Journal,
        *,
        watcher: Watcher,
        reply: Reply | None = None,
        wire: Callable[[TracedSocket], Wire] = SYSTEM_WIRE,
    ) -> None:
        self.options = options
        self.endpoints: tuple[Endpoint, ...] = ()
        self.encoding = options.encoding  # of new clients
        self.max_clients = options.max_clients
        self.single_threaded = options.single_threaded  # from the next accept on
        self.sessions: dict[int, Session] = {}  # those online; iterate over `roster()` instead
        self.stuck = 0  # threads that did not end in time
        self._journal = journal
        self._watcher = GuardedWatcher(watcher, partial(self._report, goes_on=True))
        self._wire = wire
        self._wakeup: WakeUp
        self._selector: selectors.BaseSelector
        self._listening: list[TracedSocket] = []
        self._stop_requested = threading.Event()
        turns = Turns()
        self._sender = Sender(turns, partial(self._report, goes_on=True), on_show=options.on_show)
        self._turnstile = Turnstile(on_show=options.on_show)
        self._herd = Herd()
        # What every worker reads at every chunk; size and reply may be changed meanwhile.
        self.shared = Shared(
            journal,
            self._sender,
            turns,
            options.outbox_limit_bytes,
            options.keepalive_s,
            options.recv_size_bytes,
            reply,
        )
        # A thread is in here for as long as it exists.
        self._workers: weakref.WeakKeyDictionary[threading.Thread, Session]
        self._workers = weakref.WeakKeyDictionary()
        self._accept_fails = False
        self._served_here: Session | None = None  # by the listener, if single-threaded
        self._listener_ident = 0
        self._send_ids = count(1)

    # -- the owner's thread ----------------------------------------------------------------

    def open(self) -> tuple[Endpoint, ...]:
        """socket, bind, listen. Raises ListenError here, in the caller's thread.

        Once it has returned, clients can connect, and `serve` must run in the listener thread.
        """
        raise_descriptor_limit()
        widen_futex_table()
        self.max_clients = most_clients(self.options.max_clients)
        self._listening = listen_at(self.options)
        self.endpoints = tuple(endpoint_of(s.getsockname()) for s in self._listening)
        self._wakeup = WakeUp()
        # Here and not in the listener thread: with no descriptor left, the caller is told.
        self._selector = selectors.DefaultSelector()
        self._sender.open()
        self._turnstile.open()
        self._journal.append_event(0, Kind.SERVER_OPENED, endpoints=self.endpoints)
        return self.endpoints

    # -- the listener thread ---------------------------------------------------------------

    def serve(self) -> None:
        """Accept clients until `stop`; return when the last worker has ended and all is closed."""
        leave_signals_to_the_main_thread()
        thread_begins("listener", on_show=self.options.on_show)
        self._listener_ident = threading.get_ident()
        self._sender.start()
        with self._selector as selector:
            # accept itself would not notice `stop`: closing a socket wakes nobody who waits on it.
            selector.register(self._wakeup, selectors.EVENT_READ)
            for listening in self._listening:
                selector.register(listening, selectors.EVENT_READ, listening)
            while not self._stop_requested.is_set():
                for key, _ in told("select", None, selector.select):
                    if key.data is None:
                        self._wakeup.clear()
                    else:
                        self._accept_all(key.data)
        self._close()
        thread_ends()

    def _accept_all(self, listening: TracedSocket) -> None:
        """Accept everybody who waits: the backlog is short."""
        while not self._stop_requested.is_set():
            try:
                client, address = listening.accept()
            except BlockingIOError:
                return  # nobody waits any more
            except ConnectionAbortedError:
                continue  # it has gone already
            except OSError as error:  # no descriptor is free, for instance
                self._accept_failed(error)
                return
            self._accept_fails = False
            if not address:  # macOS, where a client connects and vanishes
                client.close()
                continue
            fits = len(self.sessions) < self.max_clients
            (self._welcome if fits else self._refuse)(client, endpoint_of(address))

    def _welcome(self, client: TracedSocket, endpoint: Endpoint) -> None:
        """Give the client a session and a thread of its own. Anything slow happens there."""
        client_id = client.client_id = self._journal.new_client_id()
        session = Session(client_id, endpoint, self._wire_for(client), self.encoding, self.shared)
        self.sessions[client_id] = session
        self._herd.resize(len(self.sessions))
        self._journal.add_client(
            ClientRecord(client_id, *endpoint, session.encoding, session.opened_ns)
        )
        self._journal.append_event(client_id, Kind.ONLINE)
        self._watcher.joined(session)
        if self.single_threaded:
            self._serve_here(session)
        else:
            self._start_worker(session)

    def _wire_for(self, client: TracedSocket) -> Wire:
        """Past some hundred clients, workers wait at the turnstile and not in recv itself."""
        if len(self.sessions) >= FREE and IS_KNOWN:
            return self._turnstile.wire(client)
        return self._wire(client)

    def _start_worker(self, session: Session) -> None:
        worker = threading.Thread(
            target=self._work, args=(session,), name=session.thread_name, daemon=True
        )
        self._workers[worker] = session
        try:
            told("start", worker, worker.start)
        except RuntimeError as error:  # the system has no more threads
            self._report(error)
            session.outlet.end(CloseReason.ERROR)
            self._work(session)  # recv returns at once

    def _serve_here(self, session: Session) -> None:
        """The tutorial's first version: until this client leaves, nobody else is accepted."""
        self._served_here = session
        if self._stop_requested.is_set():  # `stop` may have looked before
            session.outlet.end(CloseReason.SERVER_CLOSED)
        self._serve(session)
        self._served_here = None

    def _refuse(self, client: TracedSocket, endpoint: Endpoint) -> None:
        self._journal.append_event(
            0, Kind.REFUSED, host=endpoint.host, port=endpoint.port, limit=self.max_clients
        )
        client.close()

    def _accept_failed(self, error: OSError) -> None:
        """Say so once, wait a moment, and live on: somebody may leave."""
        if not self._accept_fails:
            self._accept_fails = True
            self._report(error)
        self._stop_requested.wait(PAUSE_S)

    def _report(self, error: Exception, **more: bool) -> None:
        with suppress(JournalClosed):
            self._journal.append_event(0, Kind.SERVER_ERROR, error=error_text(error), **more)

    def _close(self) -> None:
        """Close the port, end all clients, wait for all threads: the reverse of `open`, `serve`."""
        deadline_s = time.monotonic() + STOP_DEADLINE_S
        for listening in self._listening:
            listening.close()
        workers = list(self._workers.items())
        end_all(workers)
        self._sender.stop()
        sender_ended = self._sender.join(SENDER_DEADLINE_S)
        for worker, session in workers:
            worker.join(max(0.0, deadline_s - time.monotonic()))
            if worker.is_alive():
                session.outlet.give_up()
        turnstile_ended = self._turnstile.close(SENDER_DEADLINE_S)
        self.stuck = sum(worker.is_alive() for worker, _ in workers)
        self.stuck += (not sender_ended) + (not turnstile_ended)
        self._herd.resize(0)
        self._wakeup.close()
        self._journal.append_event(0, Kind.SERVER_CLOSED, stuck=self.stuck)

    # -- each client's own thread ----------------------------------------------------------

    def _work(self, session: Session) -> None:
        on_show = self.options.on_show
        thread_begins(session.thread_name, session.client_id, on_show=on_show)
        self._serve(session)
        thread_ends()

    def _serve(self, session: Session) -> None:
        try:
            session.run()
        finally:
            del self.sessions[session.client_id]
            self._herd.resize(len(self.sessions))
            self._watcher.left(session)

    # -- any thread ------------------------------------------------------------------------

    def stop(self) -> None:
        """Make `serve` close everything and return. Returns at once."""
        self._stop_requested.set()
        if (session := self._served_here) is not None:
            self._sender.end([session.outlet], CloseReason.SERVER_CLOSED)
        self._wake()

    def roster(self) -> tuple[Session, ...]:
        """Return those online now: workers change the dictionary while others look."""
        return tuple(self.sessions.copy().values())

    def send(self, items: Sequence[tuple[int, bytes, str]]) -> SendReport:
        """Send bytes to clients: (client, bytes, the encoding they were written in).

        Only leaves an order with the sender. The watcher gets the report that is returned here:
        once the first outcome is known for every client, and once more when the last of those
        that were WAITING is settled.
        """
        tally = Tally(next(self._send_ids), [item[0] for item in items], self._watcher.sent)
        self._sender.send(
            [(i, self._outlet(i), data, encoding) for i, data, encoding in items], tally
        )
        return tally.report

    def disconnect(self, client_ids: Iterable[int]) -> None:
        """End these clients. Only leaves an order with the sender."""
        outlets = map(self._outlet, client_ids)
        self._sender.end([o for o in outlets if o is not None], CloseReason.DISCONNECTED)

    @property
    def thread_count(self) -> int:
        """Listener, sender, a worker for each client, and the turnstile's thread for a crowd."""
        return 2 + self.worker_count + (self._turnstile.ident is not None)

    @property
    def worker_count(self) -> int:
        """One for each client."""
        return len(self._workers)

    @property
    def served_here(self) -> Session | None:
        """The client that the listener itself serves, in single-threaded mode."""
        return self._served_here

    @property
    def waiting_clients(self) -> int | None:
        """Clients that wait in the backlog; None where the system does not tell."""
        counts = [waiting_clients(listening) for listening in self._listening]
        return None if None in counts else sum(filter(None, counts))

    def threads(self) -> dict[int, tuple[str, int]]:
        """Return this server's threads: ident to name and client (0: none)."""
        found = {self._listener_ident: ("listener", 0)} if self._listener_ident else {}
        for ident, name in ((self._sender.ident, "sender"), (self._turnstile.ident, "turnstile")):
            if ident is not None:
                found[ident] = name, 0
        for worker, session in list(self._workers.items()):
            if worker.ident is not None:
                found[worker.ident] = session.thread_name, session.client_id
        return found

    def _outlet(self, client_id: int) -> Outlet | None:
        session = self.sessions.get(client_id)
        return None if session is None else session.outlet

    def _wake(self) -> None:
        if self._listening:  # else it was never opened
            self._wakeup.wake()
