"""What the user orders of live clients: the one door through which anything reaches one.

It takes references, never numbers, and nothing but the live journal's: an old journal counts its
clients from 1 too. What can't be carried out is told, and nobody else is touched in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from app.journal.entry import Kind
from app.journal.refs import ClientRef
from app.net.facts import Endpoint
from app.net.kinds import abilities
from app.text.compose import ComposeOptions, compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.bridge.controller import Controller
    from app.net.facts import SendReport
    from app.net.session import Session


class Hindrance(StrEnum):
    """Why an order was not carried out."""

    OTHER_JOURNAL = "other_journal"  # the client is one of a journal that is not the live one
    GONE = "gone"  # it is offline, or its row was cleared


@dataclass(frozen=True, slots=True)
class Refusal:
    """These clients got nothing of an order; `others` of the same order did."""

    hindrance: Hindrance
    clients: tuple[ClientRef, ...]
    others: int


class Destination(NamedTuple):
    """A typed address, and the server of datagrams that sends there."""

    server_id: int
    endpoint: Endpoint


class Orders(QObject):
    """Send, disconnect, encoding, note. GUI thread."""

    refused = Signal(object)  # Refusal
    encoding_changed = Signal(list)  # list[ClientRef]: read in another encoding from now on

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller

    def send(
        self, text: str, options: ComposeOptions, whom: Iterable[ClientRef] | Destination
    ) -> SendReport | None:
        """Send typed text; an empty `options.encoding` means each client's own.

        The report names those who have gone meanwhile. None, and nobody gets anything, if one of
        them is not of the live journal, or if the port is closed. To an address: None, and the
        report is told of later.
        Raises ComposeFault, AddressError before anything is sent to anybody.
        """
        if isinstance(whom, Destination):
            self._send_to(text, options, whom)
            return None
        wanted = list(whom)
        servers = self._controller.fleet.servers
        if not servers or not self._all_live(wanted):
            self._refuse(wanted, 0)
            return None
        may_be_empty = all(map(self._takes_datagrams, wanted))
        composed: dict[str, bytes] = {}
        items = []
        for client in wanted:
            encoding = options.encoding or self.encoding_of(client)
            if encoding not in composed:
                read = replace(options, encoding=encoding)
                composed[encoding] = compose(text, read, may_be_empty=may_be_empty)
            items.append((client, composed[encoding], encoding))
        return servers[0].send_beside(servers[1:], items)

    def _takes_datagrams(self, client: ClientRef) -> bool:
        session = self._controller.sessions.get(client)
        return session is not None and abilities(session.server_kind).has_datagrams

    def _send_to(self, text: str, options: ComposeOptions, to: Destination) -> None:
        from app.net.udp_server import UdpServer  # not for the first paint

        post = self._controller.fleet.posts.get(to.server_id)
        if post is not None and isinstance(post.server, UdpServer):
            encoding = options.encoding or post.profile.encoding
            data = compose(text, replace(options, encoding=encoding), may_be_empty=True)
            post.server.send_to(to.endpoint, data, encoding)

    def send_again(self, data: bytes, client: ClientRef) -> SendReport | None:
        """Send these bytes to one client as they are; None, and `refused` says why, if it is gone.

        A client of another journal is never meant by one of this that has its number.
        """
        servers = self._controller.fleet.servers
        if not any(client in server.sessions for server in servers):
            self._refuse([client], 0)
            return None
        items = [(client, data, self.encoding_of(client))]
        return servers[0].send_beside(servers[1:], items)

    def disconnect_clients(self, clients: Iterable[ClientRef]) -> None:
        """Ask for these clients to be disconnected; returns at once."""
        wanted = list(clients)
        left = set(wanted)
        for server in self._controller.fleet.servers:
            here = [client for client in wanted if client in server.sessions]
            if here:
                server.disconnect(here)
            left.difference_update(here)
        missed = [client for client in wanted if client in left]
        self._refuse(missed, len(wanted) - len(missed))

    def encoding_of(self, client: ClientRef) -> str:
        """The encoding in which a client's bytes are shown and its replies are written."""
        controller = self._controller
        session = controller.sessions.get(client)
        if session is not None:
            return session.encoding
        reader = controller.reader
        mine = reader is not None and reader.key is client.journal
        record = reader.client(client.number) if reader is not None and mine else None
        return record.encoding if record else controller.settings.server.encoding

    def set_encoding(self, clients: Iterable[ClientRef], encoding: str) -> None:
        """Change the encoding of clients: for their history and for everything to come."""
        wanted, journal = list(clients), self._controller.journal
        known = self._sessions(wanted)
        changed = [session for session in known if session.encoding != encoding]
        for session in changed:
            assert journal is not None  # it has sessions
            before, session.encoding = session.encoding, encoding
            journal.update_client(session.client_id, encoding=encoding)
            journal.append_event(
                session.client_id, Kind.ENCODING_CHANGED, encoding=encoding, before=before
            )
        if changed:
            self.encoding_changed.emit([session.ref for session in changed])
        self._refuse_unknown(wanted, known)

    def set_note(self, client: ClientRef, note: str) -> None:
        """Keep what the user typed beside a client."""
        known = self._sessions([client])
        for session in known:
            session.note = note
            if self._controller.journal is not None:
                self._controller.journal.update_client(session.client_id, note=note)
        self._refuse_unknown([client], known)

    def miss(self, clients: list[ClientRef]) -> None:
        """An order for these found nobody: say so."""
        self._refuse(clients, 0)

    # -- who is meant ----------------------------------------------------------------------

    def _all_live(self, clients: list[ClientRef]) -> bool:
        """Whether all are of the live journal. Raises TypeError for a bare number."""
        journal = self._controller.journal
        for client in clients:
            if not isinstance(client, ClientRef):
                raise TypeError(f"{client!r} is no client of a journal")
        return journal is not None and all(client.journal is journal.key for client in clients)

    def _sessions(self, clients: list[ClientRef]) -> list[Session]:
        self._all_live(clients)  # raises for what is none
        sessions = self._controller.sessions
        return [sessions[client] for client in clients if client in sessions]

    def _refuse_unknown(self, wanted: list[ClientRef], known: list[Session]) -> None:
        found = {session.ref for session in known}
        self._refuse([client for client in wanted if client not in found], len(known))

    def _refuse(self, clients: list[ClientRef], others: int) -> None:
        if clients:
            hindrance = Hindrance.GONE if self._all_live(clients) else Hindrance.OTHER_JOURNAL
            self.refused.emit(Refusal(hindrance, tuple(clients), others))
