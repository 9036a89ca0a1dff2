"""All servers of the window: one post for each profile, opened and closed each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.bridge.post import Post
from app.bridge.state import ServerState
from app.wording.servers import server_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.bridge.inbox import Inbox
    from app.journal.journal import Journal
    from app.journal.refs import ClientRef
    from app.net.facts import Endpoint
    from app.net.reception import Reception
    from app.net.session import Session
    from app.reply import FindKit
    from app.settings import ServerProfile


class Fleet(QObject):
    """The posts, by the numbers of their servers. GUI thread; nothing here waits."""

    state_changed = Signal(int)  # the server's number; its post knows the rest
    failed = Signal(int, object)  # … and a ListenError: that, and where
    explained = Signal(int, object)  # … and also who is in the way
    listed = Signal()  # servers were added, removed, or changed
    ending = Signal()  # a server's workers have ended; what they left is to be told first

    def __init__(
        self, inbox: Inbox, ensure_journal: Callable[[], Journal], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.posts: dict[int, Post] = {}  # in the order of the list
        self._leaving: list[Post] = []  # removed, and not closed yet
        self._inbox = inbox
        self._ensure_journal = ensure_journal
        self.certificate_dir = ""  # where our own is kept; "": beside the settings
        self.find_kit: FindKit | None = None  # for rules; None: our own kits alone

    def follow(self, profiles: Iterable[ServerProfile]) -> None:
        """Have a post for each of these and no other; those that are open take what they can."""
        wanted = {profile.server_id: profile for profile in profiles}
        before = {number: post.profile for number, post in self.posts.items()}
        for number in before.keys() - wanted.keys():
            self._dismiss(self.posts.pop(number))
        for number, profile in wanted.items():
            if number not in before:
                self.posts[number] = self._make_post(profile)
            elif profile != before[number]:
                self.posts[number].follow(profile)
        self.posts = {number: self.posts[number] for number in wanted}
        self._name_posts()
        if before != wanted or list(before) != list(wanted):
            self.listed.emit()

    def _name_posts(self) -> None:
        several = len(self.posts) > 1
        for post in self.posts.values():
            post.call(server_title(post.profile, post.endpoints) if several else "")

    def _make_post(self, profile: ServerProfile) -> Post:
        post, number = Post(profile, self._inbox, self), profile.server_id
        post.find_kit = lambda name: self.find_kit(name) if self.find_kit is not None else None
        post.state_changed.connect(self._name_posts)  # a free port is known now
        post.state_changed.connect(lambda: self.state_changed.emit(number))
        post.failed.connect(lambda error: self.failed.emit(number, error))
        post.explained.connect(lambda error: self.explained.emit(number, error))
        post.due.connect(lambda: self.open(number))
        post.ending.connect(self.ending)
        return post

    def _dismiss(self, post: Post) -> None:
        post.close()
        if post.state is ServerState.CLOSED:
            post.deleteLater()
            return
        self._leaving.append(post)

        def forget() -> None:
            if post.state is ServerState.CLOSED and post in self._leaving:
                self._leaving.remove(post)
                post.deleteLater()

        post.state_changed.connect(forget)

    # -- orders ------------------------------------------------------------------------------

    def open(self, server_id: int) -> None:
        """Open one. Raises what opening the journal raises (JournalError, OSError)."""
        post = self.posts.get(server_id)
        if post is not None and post.state is ServerState.CLOSED:
            post.open(self._ensure_journal(), self.certificate_dir)

    def close(self, server_id: int) -> None:
        """Begin to close one."""
        if server_id in self.posts:
            self.posts[server_id].close()

    def shut_down(self) -> None:
        """Close all; return when they are closed. The program ends here."""
        from app.net.tasks.facts import TaskEnd  # the first paint needs none of it

        for post in (everything := [*self.posts.values(), *self._leaving]):
            if post.server is not None:
                post.server.tasks.end(TaskEnd.PROGRAM_ENDS)
                post.server.stop()
        for post in everything:
            post.shut_down()

    # -- what there is -----------------------------------------------------------------------

    @property
    def servers(self) -> list[Reception]:
        """Those that are open, or being closed."""
        posts = (*self.posts.values(), *self._leaving)
        return [post.server for post in posts if post.server is not None]

    @property
    def is_idle(self) -> bool:
        """Whether all are closed."""
        return not self.servers

    @property
    def endpoints(self) -> list[Endpoint]:
        """Where all of them listen."""
        return [endpoint for server in self.servers for endpoint in server.endpoints]

    @property
    def roster(self) -> tuple[Session, ...]:
        """The clients of all of them that are online now."""
        return tuple(session for server in self.servers for session in server.roster())

    @property
    def client_count(self) -> int:
        """How many are online."""
        return sum(len(server.sessions) for server in self.servers)

    @property
    def thread_count(self) -> int:
        """The listeners, a worker for each client, and what all servers share."""
        servers = self.servers
        shared = servers[0].shared_thread_count if servers else 0
        return shared + sum(1 + server.worker_count for server in servers)

    def threads(self) -> dict[int, tuple[str, int]]:
        """The threads at work for any of them: ident to name and client (0: none)."""
        found: dict[int, tuple[str, int]] = {}
        for server in self.servers:
            found |= server.threads()
        return found

    def server_of(self, client: ClientRef) -> Reception | None:
        """The server for which this client is online, if it is."""
        return next((each for each in self.servers if client in each.sessions), None)
