"""What all open ports of this process share: the sender, the turnstile, the descriptors.

Opened with the first server and closed with the last. There are two: one for what is on show, and
one for servers that nobody shall see at work (experiments run beside the program's own port).
"""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Sized
from contextlib import ExitStack
from typing import Protocol

from app.net.crowd import Crowd
from app.net.process import most_clients, prepare_process
from app.net.sender import Sender

DEADLINE_S = 1.0  # for each of its threads to end


class User(Protocol):
    """A server, as its engine sees it."""

    @property
    def sessions(self) -> Sized:
        """Its clients."""

    def report(self, error: Exception, *, goes_on: bool) -> None:
        """Something went wrong that concerns every server. Any thread; never raises."""


class Engine:
    """Sender and turnstile of all servers that use it. Any thread."""

    def __init__(self, *, on_show: bool) -> None:
        self.sender: Sender  # there from the first `open` on
        self.crowd: Crowd
        self._on_show = on_show
        self._lock = threading.Lock()
        self._users: tuple[User, ...] = ()

    def open(self, user: User) -> None:
        """Be there for this server. Raises OSError: no more descriptors, or threads."""
        with self._lock:
            if not self._users:
                prepare_process()
                try:
                    self._open()
                except RuntimeError as error:
                    raise OSError(errno.EAGAIN, str(error)) from error
            self._users += (user,)

    def _open(self) -> None:
        with ExitStack() as undo:
            self.crowd = crowd = Crowd(self._report, on_show=self._on_show)
            undo.callback(crowd.close, DEADLINE_S)
            crowd.open()
            self.sender = sender = Sender(self._report, on_show=self._on_show)
            sender.open()
            undo.callback(sender.close)
            sender.start()
            undo.pop_all()

    def close(self, user: User) -> int:
        """Be there for this server no longer; return how many threads did not end in time."""
        with self._lock:
            self._users = tuple(other for other in self._users if other is not user)
            if self._users:
                return 0
            sender, crowd = self.sender, self.crowd
        sender.stop()
        sender_ended = sender.join(DEADLINE_S)
        return (not sender_ended) + (not crowd.close(DEADLINE_S))

    def threads(self) -> dict[int, str]:
        """Return its threads: ident to name."""
        if not self._users:
            return {}
        found = {self.sender.ident: "sender", self.crowd.ident: "turnstile"}
        return {ident: name for ident, name in found.items() if ident is not None}

    @property
    def client_count(self) -> int:
        """The clients of all its servers."""
        return sum(len(user.sessions) for user in self._users)

    def _report(self, error: Exception) -> None:
        for user in self._users:
            user.report(error, goes_on=True)


_ENGINES = {on_show: Engine(on_show=on_show) for on_show in (True, False)}


def engine_for(*, on_show: bool) -> Engine:
    """Return the one that all servers share that are on show, or are not."""
    return _ENGINES[on_show]


def has_room_for_a_client() -> bool:
    """Return whether this process may have one more: each takes a descriptor."""
    clients = sum(engine.client_count for engine in _ENGINES.values())
    return clients < most_clients(sys.maxsize)
