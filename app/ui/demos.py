"""The demo clients that this window started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.bridge.state import ServerState
from app.wording import tr

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from app.bridge.controller import Controller
    from app.bridge.post import Post
    from app.net.facts import Endpoint
    from app.net.session import Session
    from app.teaching.crowd import Crowd
    from app.teaching.habits import Habit


class Demos(QObject):
    """Starts demo clients to our own port, marks their sessions, and stops them. GUI thread."""

    changed = Signal()  # others play now
    _left = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._crowd: Crowd | None = None  # made when it is first needed
        self._notes: dict[Endpoint, str] = {}  # of those whom the server has not seen yet
        self._server_ids: set[int] = set()  # where they play
        controller.fleet.state_changed.connect(self._on_state)
        self._left.connect(self.changed, Qt.ConnectionType.QueuedConnection)

    def start(self, post: Post, kind: Habit | None = None, number: int = 1) -> None:
        """More clients to an open server, talkative ones where no kind is named.

        Raises OSError if there is no socket.
        """
        from app.teaching.habits import Habit

        kind = kind or Habit.TALKATIVE
        if self._crowd is None:
            from app.teaching.crowd import Crowd

            self._crowd = Crowd(self._left.emit)
        encoding = post.profile.encoding
        self._server_ids.add(post.profile.server_id)
        # Known before the server sees them, so their sessions are marked when they are first shown.
        for endpoint in self._crowd.add(kind, post.endpoints[0], encoding, number):
            self._notes[endpoint] = tr("crowd.note", kind=tr(f"crowd.{kind.value}"))
        self.changed.emit()

    def expect(self, endpoint: Endpoint, note: str) -> None:
        """Somebody of ours will come from there. Any thread."""
        self._notes[endpoint] = note

    def mark(self, sessions: Iterable[Session]) -> None:
        """Mark those sessions that are our own, and note of what kind they are."""
        if not self._notes:
            return
        for session in sessions:
            note = self._notes.pop(session.endpoint, None)
            if note is not None:
                session.is_demo = True
                self._controller.orders.set_note(session.ref, note)

    @property
    def counts(self) -> Counter[Habit]:
        """How many of each kind play now."""
        from collections import Counter

        return self._crowd.counts() if self._crowd is not None else Counter()

    @property
    def count(self) -> int:
        """How many play now."""
        return sum(self.counts.values())

    def stop(self, kind: Habit | None = None) -> None:
        """All of a kind leave politely, or all there are."""
        if self._crowd is not None:
            self._crowd.stop(kind)

    def close(self) -> None:
        """All leave, and their thread ends."""
        if self._crowd is not None:
            self._crowd.close()
            self._crowd = None
        self._notes.clear()
        self._server_ids.clear()

    def _on_state(self, _server_id: int) -> None:
        posts = self._controller.fleet.posts
        here = [posts[number] for number in self._server_ids if number in posts]
        if not any(post.state is ServerState.OPEN for post in here):
            self.close()
