"""What the window talks to: the servers, the journal and the settings behind one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.feed import Feed
from app.bridge.fleet import Fleet
from app.bridge.hints import EncodingHints
from app.bridge.inbox import Inbox
from app.bridge.keeper import Keeper
from app.bridge.orders import Orders
from app.bridge.state import ServerState as ServerState
from app.journal.client_servers import ClientServers
from app.settings import Settings, changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from app.bridge.post import Post
    from app.bridge.traffic import Traffic
    from app.journal.journal import Journal
    from app.journal.reader import Reader
    from app.journal.refs import ClientRef
    from app.net.facts import Endpoint
    from app.net.reception import Reception
    from app.net.session import Session

TICK_MS = 1000


class Controller(QObject):
    """Ties keeper, fleet and orders together, and speaks for the selected server.

    `state`, `server`, `endpoints` and their signals mean the server that is selected: the only
    one, where there are no others. Who means all of them asks the fleet.
    Lives in the GUI thread; nothing here waits for the network or, once opened, for the disk.
    """

    state_changed = Signal(object)  # ServerState of the selected; also when another is selected
    open_failed = Signal(object)  # ListenError of the selected: that, and where
    open_failure_explained = Signal(object)  # ListenError: and also who is in the way
    selected = Signal(int)  # another server: its number
    journal_opened = Signal(object)  # Journal: a new live journal, empty or continued
    clients_joined = Signal(list)  # list[Session], oldest first
    clients_left = Signal(list)  # list[Session]
    entries_arrived = Signal(int)  # the newest entry's id; at most once a frame
    ticked = Signal(object)  # Traffic; once a second while a port is open
    send_finished = Signal(object)  # SendReport
    troubled = Signal(object)  # the detail of a SERVER_ERROR event
    journal_health_changed = Signal(object)  # JournalHealth
    encoding_hint = Signal(object, str)  # ClientRef, the encoding that its bytes look like
    sampled = Signal(object, bytes)  # ClientRef, some of its bytes, from a chunk's first on
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
        self.sessions: dict[ClientRef, Session] = {}  # all that the table knows, offline ones too
        self._feed = Feed(self)
        self._feed.frame.connect(self._on_frame)
        self._inbox = Inbox(self._feed.poke)
        self.keeper = Keeper(new_journal, self._feed.poke, self)
        self.keeper.entries_arrived.connect(self.entries_arrived)
        self.keeper.health_changed.connect(self.journal_health_changed)
        self.fleet = Fleet(self._inbox, self.keeper.ensure, self)
        self.fleet.state_changed.connect(self._on_state)
        self.fleet.failed.connect(self._on_failed)
        self.fleet.explained.connect(self._on_explained)
        self.fleet.ending.connect(self._on_frame)
        self.fleet.follow(settings.servers)
        self.orders = Orders(self)
        self._hints = EncodingHints(self)
        self._hints.suggested.connect(self.encoding_hint)
        self._hints.sampled.connect(self.sampled)
        self.orders.encoding_changed.connect(self._hints.forget)
        self.keeper.opened.connect(self._on_journal)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    @property
    def client_servers(self) -> ClientServers:
        """Which server each client of the live journal belongs to."""
        return self._inbox.servers

    # -- the selected server -----------------------------------------------------------------

    @property
    def post(self) -> Post:
        """The selected server's."""
        return self.fleet.posts[self.settings.server.server_id]

    @property
    def state(self) -> ServerState:
        """Where its listener stands."""
        return self.post.state

    @property
    def server(self) -> Reception | None:
        """It itself, while its port is open."""
        return self.post.server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it listens; empty while closed."""
        return self.post.endpoints

    def open_server(self) -> None:
        """Open its port with the settings of now; `open_failed` tells why not.

        While old connections are in the way, it is tried again by itself.
        Raises what opening the journal raises (JournalError, OSError).
        """
        self.fleet.open(self.settings.server.server_id)

    def close_server(self) -> None:
        """Begin to close its port; `state_changed` tells when every worker has ended."""
        self.fleet.close(self.settings.server.server_id)

    def _is_selected(self, server_id: int) -> bool:
        return server_id == self.settings.server.server_id

    def _on_state(self, server_id: int) -> None:
        if self.fleet.is_idle:
            self._on_tick()
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
        if self._is_selected(server_id):
            self.state_changed.emit(self.state)

    def _on_failed(self, server_id: int, error: object) -> None:
        if self._is_selected(server_id):
            self.open_failed.emit(error)

    def _on_explained(self, server_id: int, error: object) -> None:
        if self._is_selected(server_id):
            self.open_failure_explained.emit(error)

    # -- the journal -----------------------------------------------------------------------

    @property
    def journal(self) -> Journal | None:
        """The live journal, if there is one yet."""
        return self.keeper.journal

    @property
    def reader(self) -> Reader | None:
        """Reads the live journal in the GUI thread."""
        return self.keeper.reader

    @property
    def traffic(self) -> Traffic:
        """The last measured totals and rates."""
        return self.keeper.meter.traffic

    @property
    def thread_count(self) -> int:
        """GUI, journal writer, listeners, sender and one worker per client."""
        return 1 + (self.journal is not None) + self.fleet.thread_count

    def ensure_journal(self) -> Journal:
        """The live journal, made now if there is none yet."""
        return self.keeper.ensure()

    def drop_journal(self) -> Path | None:
        """Close the live journal while all ports are closed, and return its path; None if none.

        The next opening starts another one. The caller may delete the file.
        """
        if not self.fleet.is_idle:
            return None
        path = self.keeper.close()
        if path is not None:
            self.sessions.clear()
        return path

    def _on_journal(self, journal: Journal) -> None:
        self._hints.clear()
        self._inbox.servers = ClientServers()
        self.journal_opened.emit(journal)

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
        self.keeper.tell_news()

    def _on_tick(self) -> None:
        self.keeper.measure()
        self._hints.look()
        self.ticked.emit(self.traffic)

    def reset_traffic(self) -> None:
        """Count received and sent bytes from zero."""
        self.keeper.meter.reset()
        self.ticked.emit(self.traffic)

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

        Those of a server are the selected one's. Raises BadSetting.
        """
        before = self.settings.server.server_id
        self.settings = changed(self.settings, **values)
        self.fleet.follow(self.settings.servers)
        self.settings_changed.emit(self.settings)
        if not self._is_selected(before):
            self.selected.emit(self.settings.server.server_id)
            self.state_changed.emit(self.state)

    def shutdown(self) -> None:
        """Close all ports and the journal; returns when they are closed. The program ends here."""
        self.fleet.shut_down()
        self._tick.stop()
        self.keeper.close()
