"""One server of the fleet: its listener, and what becomes of its port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.bridge.certificate_maker import CertificateMaker
from app.bridge.port_watch import PortWatch
from app.bridge.state import ServerState
from app.net.facts import Endpoint, ListenError, ListenFault, ServerOptions
from app.threads import check_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.inbox import Inbox
    from app.bridge.listener import ListenerThread
    from app.journal.journal import Journal
    from app.net.reception import Reception
    from app.reply import FindKit
    from app.settings import ServerProfile

_PORT = {
    "host", "port", "kind", "target", "accepts_tls", "cert_file", "key_file", "keylog_file",
    "multicast", "broadcast", "alpn",
}  # fmt: skip


class Post(QObject):
    """Opens and closes one server, again and again. GUI thread; nothing here waits.

    Signals: `state_changed`; `failed` with a ListenError that says why the port could not be
    opened; `explained` with one that also says who is in the way, a moment later; `due` when old
    connections held the port, or a certificate was made, and it may be tried again; `ending` when
    all workers have ended and what they left is to be told before "closed" is.
    """

    state_changed = Signal()
    failed = Signal(object)
    explained = Signal(object)
    due = Signal()
    ending = Signal()

    def __init__(self, profile: ServerProfile, inbox: Inbox, parent: QObject) -> None:
        super().__init__(parent)
        self.profile = profile
        self.state = ServerState.CLOSED
        self.server: Reception | None = None
        self.find_kit: FindKit | None = None  # for rules; None: our own kits alone
        self.label = ""  # what its events call it, where there are several
        self.failure: ListenError | None = None  # why the last opening came to nothing
        self._inbox = inbox
        self._awaiting: list[Callable[[bool], object]] = []
        self._listener: ListenerThread | None = None
        self._port_watch = PortWatch(self)
        self._port_watch.found.connect(self._on_explained)
        self._port_watch.due.connect(self.due)
        self._maker = CertificateMaker(self)
        self._maker.ready.connect(self.due)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where the server listens; empty while closed."""
        return self.server.endpoints if self.server else ()

    @property
    def is_open(self) -> bool:
        """Whether it takes clients."""
        return self.state is ServerState.OPEN

    @property
    def is_coming(self) -> bool:
        """Whether it was opened and only takes a while: for a certificate, or old connections."""
        return self._maker.is_busy or self._port_watch.may_be_due

    @property
    def client_count(self) -> int:
        """How many are online."""
        return len(self.server.sessions) if self.server else 0

    def open(self, journal: Journal, certificate_dir: str) -> None:
        """Open the port with the profile of now; `failed` tells why not.

        Who is in the way is found out afterwards. A certificate of our own that is not there yet
        is made first, in a thread: then `due` asks for another try.
        """
        options = ServerOptions.of(self.profile, certificate_dir)
        if self.state is not ServerState.CLOSED or self._maker.needs_time(options):
            return
        # The first paint needs none of it.
        from app.bridge.listener import ListenerThread
        from app.net.kinds import make_server
        from app.reply import reply_for

        server = make_server(
            options,
            journal,
            watcher=self._inbox,
            reply=reply_for(self.profile, self.find_kit),
        )
        server.on_trouble = self._inbox.troubled
        server.label = self.label
        try:
            try:
                check_room()
            except OSError as error:
                raise ListenError(
                    ListenFault.OTHER, Endpoint(options.host, options.port), system_text=str(error)
                ) from error
            server.open()
        except ListenError as error:
            self.failure = error
            if not self._port_watch.waits_for_old_connections:
                self.failed.emit(error)
            self._port_watch.look(error)
            return
        self._port_watch.stop()
        self.failure = None
        self.server = server
        self._listener = ListenerThread(server, self)
        self._listener.finished.connect(self._on_listener_finished)
        self._listener.start()
        self._set_state(ServerState.OPEN)
        self._settle()

    def when_open(self, act: Callable[[bool], object]) -> None:
        """Call `act` with True once the port is open, perhaps at once; False: it will not be."""
        if self.is_coming and not self.is_open:
            self._awaiting.append(act)
        else:
            act(self.is_open)

    def _settle(self) -> None:
        """Tell those who wait for the port what came of it."""
        if self.is_open or not self.is_coming:
            awaiting, self._awaiting = self._awaiting, []
            for act in awaiting:
                act(self.is_open)

    def close(self) -> None:
        """Begin to close the port; `state_changed` tells when every worker has ended."""
        self._port_watch.stop()
        self._maker.stop()
        self._settle()
        if self.server is not None and self.state is ServerState.OPEN:
            self._set_state(ServerState.CLOSING)
            self.server.stop()

    def call(self, label: str) -> None:
        """Its events name it so from now on."""
        self.label = label
        if self.server is not None:
            self.server.label = label

    def follow(self, profile: ServerProfile) -> None:
        """Take other settings; those that can apply to an open port do so at once."""
        before, self.profile = self.profile, profile
        changed = {
            name
            for name in profile.__dataclass_fields__
            if getattr(profile, name) != getattr(before, name)
        }
        if changed & _PORT:
            self._port_watch.stop()
            self.failure = None
            self._settle()
        if self.server is None:
            return
        if "recv_size_bytes" in changed:
            self.server.shared.recv_size_bytes = profile.recv_size_bytes
        self.server.encoding = profile.encoding
        if "name" in changed:
            self.server.shared.server_name = profile.name
            for session in self.server.roster():
                session.server_name = profile.name
        if "single_threaded" in changed:
            self.server.single_threaded = profile.single_threaded
        if any(name.startswith("reply_") or name == "framing" for name in changed):
            from app.reply import reply_for

            shared = self.server.shared
            shared.reply = reply_for(profile, self.find_kit, shared.reply)

    def shut_down(self) -> None:
        """Close the port and return when it is closed. The program ends here."""
        self._port_watch.stop()
        self._maker.wait()
        if self._listener is not None and self.server is not None:
            self._listener.finished.disconnect(self._on_listener_finished)
            self.server.stop()
            self._listener.wait()
            self._listener = self.server = None

    def _on_listener_finished(self) -> None:
        if self._listener is None:  # shut down while this was on its way
            return
        self._listener.wait()
        if self._listener.failure is not None:
            self._inbox.troubled({"error": str(self._listener.failure), "closes": True})
        self._listener.deleteLater()
        self._listener = None
        self.ending.emit()
        self.server = None
        self._set_state(ServerState.CLOSED)

    def _on_explained(self, error: ListenError) -> None:
        self.failure = error
        self.explained.emit(error)
        self._settle()

    def _set_state(self, state: ServerState) -> None:
        self.state = state
        self.state_changed.emit()
