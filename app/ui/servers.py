"""What is done with the list of servers: add, duplicate, remove, open and close all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.bridge.state import ServerState
from app.net.kinds import abilities
from app.settings import MOST_SERVERS, ServerProfile, with_server
from app.ui import dialogs
from app.ui.widgets import FootBanner
from app.wording import tr
from app.wording.servers import server_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.journal.refs import ClientRef
    from app.ui.clients import ClientPanel
    from app.ui.composer.target_picker import TargetPicker
    from app.ui.service import Service
    from app.ui.setup import SetupColumn

UNDO_MS = 10_000  # so long a removal can be undone by a button


class Servers(QObject):
    """Keeps list and settings in step. GUI thread."""

    def __init__(
        self,
        controller: Controller,
        setup: SetupColumn,
        clients: ClientPanel,
        target: TargetPicker,
        service: Service,
    ) -> None:
        super().__init__(setup)
        self._controller, self._setup, self._service = controller, setup, service
        self._clients, self._target = clients, target
        self._gone = 0  # servers that were removed, and whose clients are still in the table
        self._highest_id = 0  # that there was in this run: rows of the journal name it
        self._toast = FootBanner(setup, shown_ms=UNDO_MS)
        setup.servers.picked.connect(self._pick)
        setup.servers.toggle_requested.connect(service.toggle)
        controller.fleet.listed.connect(self._on_listed)
        controller.fleet.state_changed.connect(self._on_state)
        controller.fleet.failed.connect(lambda *_: self.refresh())
        controller.fleet.explained.connect(lambda *_: self.refresh())
        controller.selected.connect(self._on_selected)
        controller.ticked.connect(self.refresh)
        self.refresh()

    # -- commands --------------------------------------------------------------------------

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands of the list do."""
        return {
            "add_server": self.add,
            "duplicate_server": self.duplicate,
            "remove_server": self.remove,
            "open_all": self.open_all,
            "close_all": self.close_all,
            "next_server": partial(self._step, 1),
            "previous_server": partial(self._step, -1),
            "reopen_servers": lambda on: self._controller.change(reopen_servers=on),
        }

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        posts = self._controller.fleet.posts.values()
        can = abilities(self._controller.settings.server.kind)
        states = [post.state for post in posts]
        alone = "servers.why_alone" if len(states) == 1 else ""
        full = "servers.why_full" if len(states) >= MOST_SERVERS else ""
        return {
            "add_server": full,
            "duplicate_server": full,
            "remove_server": alone,
            "open_all": "" if ServerState.CLOSED in states else "servers.why_all_open",
            "close_all": "" if ServerState.OPEN in states else "servers.why_all_closed",
            "next_server": alone,
            "previous_server": alone,
            "single_threaded": "" if can.may_be_single_threaded else "servers.why_own_threads",
        }

    def add(self) -> None:
        """One more, with a free port; new clients are read as those of the selected one."""
        selected = self._controller.settings.server
        self._insert(ServerProfile(host=selected.host, encoding=selected.encoding))

    def duplicate(self) -> None:
        """One more with all settings of the selected one but its port."""
        self._insert(self._controller.settings.server)

    def _insert(self, like: ServerProfile) -> None:
        if not self._setup.commit_fields():
            return
        settings = self._controller.settings
        taken = {profile.port for profile in settings.servers}
        port = next(p for p in range(settings.server.port or 8080, 1 << 16) if p not in taken)
        self._add(replace(like, port=port))

    def adopt(self, like: ServerProfile) -> int:
        """One more with exactly these settings, closed; return its number, 0 for none."""
        full = len(self._controller.settings.servers) >= MOST_SERVERS
        return 0 if full or not self._setup.commit_fields() else self._add(like)

    def _add(self, like: ServerProfile) -> int:
        settings = self._controller.settings
        self._highest_id = max(self._highest_id, *(p.server_id for p in settings.servers)) + 1
        profile = replace(like, server_id=self._highest_id, was_open=False)
        at = settings.servers.index(settings.server) + 1
        servers = (*settings.servers[:at], profile, *settings.servers[at:])
        self._controller.change(servers=servers, selected_id=profile.server_id)
        return profile.server_id

    def remove(self) -> None:
        """Close the selected one and take it off the list; a button brings it back."""
        controller = self._controller
        post, settings = controller.post, controller.settings
        if len(settings.servers) == 1:
            return
        online = post.client_count
        if online and not dialogs.confirm(self._setup, "close", online):
            return
        profile = settings.server
        title = server_title(profile, post.endpoints)
        at = settings.servers.index(profile)
        rest = (*settings.servers[:at], *settings.servers[at + 1 :])
        self._highest_id = max(self._highest_id, profile.server_id)
        controller.change(servers=rest, selected_id=rest[min(at, len(rest) - 1)].server_id)
        self._toast.offer(
            lambda: tr("servers.removed", server=title),
            lambda: tr("servers.undo"),
            lambda: self._bring_back(profile, at),
        )

    def _bring_back(self, profile: ServerProfile, at: int) -> None:
        self._toast.hide()
        servers = self._controller.settings.servers
        if len(servers) < MOST_SERVERS:
            back = (*servers[:at], replace(profile, was_open=False), *servers[at:])
            self._controller.change(servers=back, selected_id=profile.server_id)

    def open_all(self) -> None:
        """Open all that are closed; what prevents one is said where its settings are."""
        self._service.open_all(self._controller.fleet.posts)

    def close_all(self) -> None:
        """Close all; ask first while clients are online."""
        fleet = self._controller.fleet
        online = fleet.client_count
        if not online or dialogs.confirm(self._setup, "close_all", online):
            for server_id in list(fleet.posts):
                fleet.close(server_id)

    def reopen(self) -> None:
        """Open those that were open when the program last ended, if that is wanted."""
        settings = self._controller.settings
        if settings.reopen_servers:
            self._service.open_all(p.server_id for p in settings.servers if p.was_open)

    # -- the list --------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the servers of now."""
        settings = self._controller.settings
        posts = self._controller.fleet.posts.values()
        self._setup.show_servers(posts, settings.server.server_id)
        self._clients.show_servers(len(posts) + self._gone)
        titles = {p.profile.server_id: server_title(p.profile, p.endpoints) for p in posts}
        datagrams = {
            post.profile.server_id: post.is_open
            for post in posts
            if abilities(post.profile.kind).has_datagrams
        }
        self._target.set_servers(titles, self._server_of, datagrams)

    def _on_listed(self) -> None:
        known = {session.server_id for session in self._controller.sessions.values()}
        self._gone = len(known.difference(self._controller.fleet.posts))
        self.refresh()

    def _server_of(self, client: ClientRef) -> int:
        session = self._controller.sessions.get(client)
        return session.server_id if session is not None else 0

    def _pick(self, server_id: int) -> None:
        if self._setup.commit_fields():
            self._controller.change(selected_id=server_id)
        self.refresh()  # where something does not fit, it stays selected

    def _step(self, by: int) -> None:
        numbers = list(self._controller.fleet.posts)
        at = numbers.index(self._controller.settings.server.server_id)
        self._pick(numbers[(at + by) % len(numbers)])

    def _on_selected(self) -> None:
        self.refresh()
        failure = self._controller.post.failure
        if failure is not None:
            self._setup.explain_listen_error(failure)

    def _on_state(self, server_id: int) -> None:
        self.refresh()
        settings = self._controller.settings
        post = self._controller.fleet.posts.get(server_id)
        if post is None or post.state is ServerState.CLOSING:
            return
        is_open = post.state is ServerState.OPEN
        if post.profile.was_open != is_open:
            profile = replace(post.profile, was_open=is_open)
            self._controller.change(servers=with_server(settings, profile).servers)
