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
from contextlib import ExitStack

from app.journal.journal import Journal
from app.net.addresses import endpoint_of, own_end
from app.net.answers import Reply
from app.net.facts import CloseReason, Endpoint, ServerOptions
from app.net.listening import listen_at, listen_error
from app.net.process import leave_signals_to_the_main_thread
from app.net.proxied import behind_proxy
from app.net.readiness import SelectorReadiness
from app.net.reception import Reception
from app.net.session import Session
from app.net.trace import thread_begins, thread_ends, told
from app.net.traced_socket import TracedSocket
from app.net.watcher import Watcher
from app.net.wire import SYSTEM_WIRE, MakeWire

PAUSE_S = 0.1  # after accept failed: no descriptors, no memory
STOP_DEADLINE_S = 5.0


class Server(Reception):
    """One open port. `open` is for its owner's thread, `serve` for the listener, the rest for any.

    A server is used once: to open the port again, make another.
    """

    _makes: type[Session] = Session  # of each client

    def __init__(
        self,
        options: ServerOptions,
        journal: Journal,
        *,
        watcher: Watcher,
        reply: Reply | None = None,
        wire: MakeWire = SYSTEM_WIRE,
    ) -> None:
        super().__init__(options, journal, watcher, reply)
        behind = options.proxy_protocol
        self._wire = behind_proxy(wire, journal, self.admission) if behind else wire
        self._opened = ExitStack()
        self._accept_fails = False

    # -- the owner's thread ----------------------------------------------------------------

    def open(self) -> tuple[Endpoint, ...]:
        """socket, bind, listen. Raises ListenError here, in the caller's thread.

        Once it has returned, clients can connect, and `serve` must run in the listener thread.
        """
        with ExitStack() as opened:  # all that is opened is closed again if anything fails
            try:
                self._door = SelectorReadiness(selectors.EVENT_READ)
                opened.callback(self._door.close)
                self._listening = listen_at(self.options)
                for listening in self._listening:
                    opened.callback(listening.close)
                    self._door.watch(listening.fileno(), listening)
                self.endpoints = tuple(endpoint_of(s.getsockname()) for s in self._listening)
                self._enter_engine(opened)
            except OSError as error:  # no more descriptors, no more threads
                raise listen_error(error, self.asked) from error
            self._say_opened()
            self._opened = opened.pop_all()
        return self.endpoints

    # -- the listener thread ---------------------------------------------------------------

    def serve(self) -> None:
        """Accept clients until `stop`; return when the last worker has ended and all is closed."""
        leave_signals_to_the_main_thread()
        thread_begins("listener", show=self.options.show)
        self.listener_ident = threading.get_ident()
        try:
            while not self._stop_requested.is_set():
                # accept itself would not notice `stop`: closing a socket wakes nobody.
                for listening in told("select", None, self._door.wait, self.admission.patience_s):
                    self._accept_all(listening)
                self._look_around()
        except Exception as error:  # noqa: BLE001 — whatever it is, the port is closed in order
            self.report(error, closes=True)
        finally:
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
            try:
                self._meet(client, endpoint_of(address))
            except Exception as error:  # noqa: BLE001 — the trouble of one client
                self.report(error, goes_on=True)
                client.close()

    def _meet(self, client: TracedSocket, endpoint: Endpoint) -> None:
        if not self._may_enter(endpoint):
            client.close()
        elif self.single_threaded:
            self._serve_here(self._welcome(client, endpoint))
        else:
            self._start_worker(self._welcome(client, endpoint))

    def _welcome(self, client: TracedSocket, endpoint: Endpoint) -> Session:
        """Give the client a session. Anything slow happens in its own thread."""
        client.client_id = self._journal.new_client_id()
        wire = self._wire(client, self._engine.crowd)
        try:
            session = self._makes(client.client_id, endpoint, wire, self.encoding, self.shared)
            session.local = own_end(client)
            self._joined(session)
        except Exception:
            wire.close()
            raise
        return session

    def _start_worker(self, session: Session) -> None:
        try:
            worker = threading.Thread(
                target=self._work, args=(session,), name=session.thread_name, daemon=True
            )
            self._workers[session.client_id] = worker
            told("start", worker, worker.start)
        except Exception as error:  # noqa: BLE001 — the system has no more threads, or no memory
            self._workers.pop(session.client_id, None)
            self.report(error, goes_on=True)
            session.outlet.end(CloseReason.ERROR)
            self._serve(session)  # recv returns at once

    def _serve_here(self, session: Session) -> None:
        """The tutorial's first version: until this client leaves, nobody else is accepted."""
        self.served_here = session
        if self._stop_requested.is_set():  # `stop` may have looked before
            session.outlet.end(CloseReason.SERVER_CLOSED)
        self._serve(session)
        self.served_here = None

    def _accept_failed(self, error: OSError) -> None:
        """Say so once, wait a moment, and live on: somebody may leave."""
        if not self._accept_fails:
            self._accept_fails = True
            self.report(error)
        self._stop_requested.wait(PAUSE_S)

    def _close(self) -> None:
        """Close the port, end all clients, wait for all threads: the reverse of `open`, `serve`."""
        deadline_s = time.monotonic() + STOP_DEADLINE_S
        with self._opened:
            for listening in self._listening:
                listening.close()
            self._end_tasks()
            workers = list(self._workers.values())
            for session in self.roster():
                session.outlet.end(CloseReason.SERVER_CLOSED)
            for worker in workers:
                worker.join(max(0.0, deadline_s - time.monotonic()))
            for session in self.roster():  # those that did not end in time
                session.outlet.give_up()
            self.stuck += sum(worker.is_alive() for worker in workers)
        self._say_closed()

    # -- each client's own thread ----------------------------------------------------------

    def _work(self, session: Session) -> None:
        thread_begins(session.thread_name, session.client_id, show=self.options.show)
        self._serve(session)
        thread_ends()
        del self._workers[session.client_id]

    def _serve(self, session: Session) -> None:
        try:
            session.run()
        except Exception as error:  # noqa: BLE001 — the trouble of one client
            self.report(error, goes_on=True)
        finally:
            self._left(session)
