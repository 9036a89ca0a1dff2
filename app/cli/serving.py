"""The servers of a console: each with its listener thread, opened and closed together."""

from __future__ import annotations

import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from app.cli.output import complain
from app.net.facts import ListenError, ListenFault, ServerOptions
from app.net.holder import explained
from app.net.kinds import make_server
from app.start import listening_line
from app.wording.sentences import listen_error_sentence
from app.wording.servers import server_title

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.journal.entry import Entry
    from app.journal.journal import Journal
    from app.journal.reader import Reader
    from app.net.answers import Reply
    from app.net.reception import Reception, SendItem
    from app.net.session import Session
    from app.net.watcher import Watcher
    from app.settings import ServerProfile

AGAIN_S = 1.0  # between two attempts to open a port that old connections hold
_KNOWN = 1024  # clients whose server is remembered


class Serving:
    """All servers of one run. Main thread."""

    def __init__(
        self,
        profiles: Sequence[ServerProfile],
        journal: Journal,
        watcher: Watcher,
        replies: Mapping[int, Reply | None],
        certificate_dir: str,
    ) -> None:
        """`replies`: what answers the clients of each, by their numbers."""
        self.profiles = profiles
        self._profiles = {profile.server_id: profile for profile in profiles}
        self.servers: list[Reception] = [
            make_server(
                ServerOptions.of(each, certificate_dir),
                journal,
                watcher=watcher,
                reply=replies[each.server_id],
            )
            for each in profiles
        ]
        self._listeners: list[threading.Thread] = []
        if len(profiles) > 1:
            for server, profile in zip(self.servers, profiles, strict=True):
                server.label = server_title(profile)

    def open(self, gives_up: Callable[[], bool]) -> None:
        """Open all ports; raises ListenError if one cannot be, and then none is open.

        While old connections hold one, it is tried again until `gives_up()`.
        """
        try:
            for server in self.servers:
                _open(server, gives_up)
                if server.label:  # a free port is known now
                    profile = self.profile(server.options.server_id)
                    server.label = server_title(profile, server.endpoints)
                listener = threading.Thread(target=server.serve, name="listener")
                listener.start()
                self._listeners.append(listener)
        except ListenError:
            self.stop()
            raise

    def stop(self) -> None:
        """Close all; returns when they are closed."""
        for server in self.servers[: len(self._listeners)]:
            server.stop()
        for listener in self._listeners:
            listener.join()

    def lines(self) -> list[str]:
        """Say where each listens."""
        return [
            listening_line(server.options.kind, endpoint, is_alone=len(self.servers) == 1)
            for server in self.servers
            for endpoint in server.endpoints
        ]

    def roster(self) -> list[Session]:
        """The clients that are online now."""
        return [session for server in self.servers for session in server.roster()]

    def send(self, items: Sequence[SendItem]) -> None:
        """Send to clients of any of them; the watcher gets one report."""
        self.servers[0].send_beside(self.servers[1:], items)

    def profile(self, server_id: int) -> ServerProfile:
        """Return the settings of a server; of an earlier run's, those of the first."""
        return self._profiles.get(server_id) or next(iter(self._profiles.values()))

    def profile_of(self, reader: Reader) -> Callable[[int], ServerProfile]:
        """Return what finds the settings of a client's server."""

        @lru_cache(maxsize=_KNOWN)
        def find(client_id: int) -> ServerProfile:
            record = reader.client(client_id)
            return self.profile(record.server_id if record is not None else 0)

        return find

    def label_of(self, reader: Reader) -> Callable[[Entry], str]:
        """Return what names the server of a client's entry; "" while there is only one."""
        if len(self.servers) == 1:
            return lambda _entry: ""
        profile_of = self.profile_of(reader)
        endpoints = {server.options.server_id: server.endpoints for server in self.servers}

        def label(entry: Entry) -> str:
            if not entry.client_id:  # an event of a server names it by itself
                return ""
            profile = profile_of(entry.client_id)
            return server_title(profile, endpoints[profile.server_id])

        return label


def _open(server: Reception, gives_up: Callable[[], bool]) -> None:
    waits = False
    while True:
        try:
            server.open()
            return
        except ListenError as error:
            found = explained(error)
            if found.fault is not ListenFault.OLD_CONNECTIONS or gives_up():
                raise found from error
        if not waits:
            waits = True
            complain(listen_error_sentence(found))
        time.sleep(AGAIN_S)
