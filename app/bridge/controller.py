"""What the window talks to: the server, the journal and the settings behind one object."""

from __future__ import annotations

import time
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.feed import Feed
from app.bridge.hints import EncodingHints
from app.bridge.inbox import Inbox
from app.bridge.orders import Orders
from app.bridge.port_watch import PortWatch
from app.bridge.traffic import Traffic, TrafficMeter
from app.net.facts import ListenError, ServerOptions
from app.settings import ServerProfile, Settings, changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from app.bridge.listener import ListenerThread
    from app.journal.journal import Journal, JournalHealth
    from app.journal.reader import Reader
    from app.journal.refs import ClientRef
    from app.net.facts import Endpoint
    from app.net.reception import Reception
    from app.net.session import Session

TICK_MS = 1000
_REPLY_SETTINGS = {name for name in ServerProfile.__dataclass_fields__ if name.startswith("reply_")}


class ServerState(Enum):
    """Where the listener stands."""

    CLOSED = auto()
    OPEN = auto()
    CLOSING = auto()  # workers are being ended; the window stays alive meanwhile


class Controller(QObject):
    """Opens and closes the server, sends, and tells the window what happened.

    Lives in the GUI thread; nothing here waits for the network or, once opened, for the disk.
    """

    state_changed = Signal(object)  # ServerState
    open_failed = Signal(object)  # ListenError: that, and where
    open_failure_explained = Signal(object)  # ListenError: and also who is in the way
    journal_opened = Signal(object)  # Journal: a new live journal, empty or continued
    clients_joined = Signal(list)  # list[Session], oldest first
    clients_left = Signal(list)  # list[Session]
    entries_arrived = Signal(int)  # the newest entry's id; at most once a frame
    ticked = Signal(object)  # Traffic; once a second while a port is open
    send_finished = Signal(object)  # SendReport
    troubled = Signal(object)  # the detail of a SERVER_ERROR event
    journal_health_changed = Signal(object)  # JournalHealth
    encoding_hint = Signal(object, str)  # ClientRef, the encoding that its bytes look like
    settings_changed = Signal(object)  # Settings

    def __init__(
        self,
        settings: Settings,
        new_journal: Callable[[Callable[[], None]], Journal],
        parent: QObject | None = None,
    ) -> None:
        """`new_journal` makes the journal of a run when it is first needed."""
        super().__init__(parent)
        self.settings = settings
        self.state = ServerState.CLOSED
        self.server: Reception | None = None
        self.journal: Journal | None = None
        self.reader: Reader | None = None
        self.sessions: dict[ClientRef, Session] = {}  # all that the table knows, offline ones too
        self._new_journal = new_journal
        self._listener: ListenerThread | None = None
        self._health: JournalHealth | None = None
        self._last_id = 0
        self._feed = Feed(self)
        self._feed.frame.connect(self._on_frame)
        self._inbox = Inbox(self._feed.poke)
        self._meter = TrafficMeter()
        self.orders = Orders(self)
        self._hints = EncodingHints(self)
        self._hints.suggested.connect(self.encoding_hint)
        self.orders.encoding_changed.connect(self._hints.forget)
        self._port_watch = PortWatch(self)
        self._port_watch.found.connect(self.open_failure_explained)
        self._port_watch.due.connect(self.open_server)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    # -- the server ------------------------------------------------------------------------

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where the server listens; empty while closed."""
        return self.server.endpoints if self.server else ()

    @property
    def traffic(self) -> Traffic:
        """The last measured totals and rates."""
        return self._meter.traffic

    @property
    def thread_count(self) -> int:
        """GUI, journal writer, listener, sender and one worker per client."""
        own = 1 if self.journal is None else 2
        return own + (self.server.thread_count if self.server else 0)

    def open_server(self) -> None:
        """Open the port with the settings of now; `open_failed` tells why not.

        Who is in the way is found out afterwards. While old connections are, this is called again
        by itself.
        Raises what opening the journal raises (JournalError, OSError).
        """
        if self.state is not ServerState.CLOSED:
            return
        # The first paint needs none of it.
        from app.bridge.listener import ListenerThread
        from app.net.kinds import make_server
        from app.reply import reply_for

        journal = self.ensure_journal()
        server = make_server(
            ServerOptions.of(self.settings.server),
            journal,
            watcher=self._inbox,
            reply=reply_for(self.settings.server),
        )
        server.on_trouble = self._inbox.troubled
        try:
            server.open()
        except ListenError as error:
            if not self._port_watch.waits_for_old_connections:
                self.open_failed.emit(error)
            self._port_watch.look(error)
            return
        self._port_watch.stop()
        self.server = server
        self._listener = ListenerThread(server, self)
        self._listener.finished.connect(self._on_listener_finished)
        self._listener.start()
        self._tick.start()
        self._set_state(ServerState.OPEN)

    def close_server(self) -> None:
        """Begin to close the port; `state_changed` tells when every worker has ended."""
        if self.server is not None and self.state is ServerState.OPEN:
            self._set_state(ServerState.CLOSING)
            self.server.stop()

    def _on_listener_finished(self) -> None:
        assert self._listener is not None
        self._listener.wait()
        if self._listener.failure is not None:
            self._inbox.troubled({"error": str(self._listener.failure), "closes": True})
        self._listener.deleteLater()
        self._listener = None
        self._on_frame()  # the last departures belong before "closed"
        self.server = None
        self._on_tick()
        self._tick.stop()
        self._set_state(ServerState.CLOSED)

    def _set_state(self, state: ServerState) -> None:
        self.state = state
        self.state_changed.emit(state)

    # -- the journal -----------------------------------------------------------------------

    def ensure_journal(self) -> Journal:
        """The live journal, made now if there is none yet."""
        if self.journal is None:
            self.journal = self._new_journal(self._feed.poke)
            self.reader = self.journal.reader()
            self._last_id = 0
            self._meter.restart()
            self._hints.clear()
            self.journal_opened.emit(self.journal)
            self._feed.poke()
        return self.journal

    def drop_journal(self) -> Path | None:
        """Close the live journal while the port is closed, and return its path; None if none.

        The next opening starts another one. The caller may delete the file.
        """
        if self.journal is None or self.state is not ServerState.CLOSED:
            return None
        path = self.journal.path
        self._close_journal()
        self.sessions.clear()
        return path

    def _close_journal(self) -> None:
        if self.reader is not None:
            self.reader.close()
            self.reader = None
        if self.journal is not None:
            self.journal.close(deadline_s=2.0)
            self.journal = None

    # -- news ------------------------------------------------------------------------------

    def _on_frame(self) -> None:
        # Departures are taken before arrivals: whoever left has joined before, so nobody is
        # reported gone who was not reported here.
        left, joined = self._inbox.take_left(), self._inbox.take_joined()
        if joined:
            self.sessions.update((session.ref, session) for session in joined)
            self.clients_joined.emit(joined)
        if left:
            self.clients_left.emit(left)
        for report in self._inbox.take_reports():
            self.send_finished.emit(report)
        for detail in self._inbox.take_troubles():
            self.troubled.emit(detail)
        self._tell_about_the_journal()

    def _tell_about_the_journal(self) -> None:
        if self.journal is None:
            return
        last_id = self.journal.rearm_news()
        if last_id != self._last_id:
            self._last_id = last_id
            self.entries_arrived.emit(last_id)
        health = self.journal.health
        if self._health is None or health.fault != self._health.fault:
            self._health = health
            self.journal_health_changed.emit(health)

    def _on_tick(self) -> None:
        if self.journal is not None:
            self._meter.measure(self.journal.bytes_in, self.journal.bytes_out, time.monotonic_ns())
            self._tell_about_the_journal()
        self._hints.look()
        self.ticked.emit(self._meter.traffic)

    def reset_traffic(self) -> None:
        """Count received and sent bytes from zero."""
        self._meter.reset()
        self.ticked.emit(self._meter.traffic)

    def forget_clients(self, clients: Iterable[ClientRef]) -> None:
        """Rows cleared from the table: their sessions are let go, the journal keeps all."""
        for client in clients:
            self.sessions.pop(client, None)

    def remember_clients(self, sessions: Iterable[Session]) -> None:
        """Cleared rows were brought back."""
        mine = self.journal.key if self.journal else None
        self.sessions.update((s.ref, s) for s in sessions if s.ref.journal is mine)

    def change(self, **values: object) -> None:
        """Change settings; those that can apply to a running server do so at once.

        Raises BadSetting.
        """
        self.settings = changed(self.settings, **values)
        if {"host", "port"} & values.keys():
            self._port_watch.stop()
        if self.server is not None:
            if "recv_size_bytes" in values:
                self.server.shared.recv_size_bytes = self.settings.server.recv_size_bytes
            if "encoding" in values:
                self.server.encoding = self.settings.server.encoding
            if "single_threaded" in values:
                self.server.single_threaded = self.settings.server.single_threaded
            if _REPLY_SETTINGS & values.keys():
                from app.reply import reply_for

                self.server.shared.reply = reply_for(self.settings.server)
        self.settings_changed.emit(self.settings)

    def shutdown(self) -> None:
        """Close the port and the journal; returns when both are closed. The program ends here."""
        if self._listener is not None and self.server is not None:
            self._listener.finished.disconnect(self._on_listener_finished)
            self.server.stop()
            self._listener.wait()
            self._listener = None
            self.server = None
        self._port_watch.stop()
        self._tick.stop()
        self._close_journal()
