"""What all open ports of this process share: sender, turnstile, timetable, descriptors.

Opened with the first server and closed with the last. There is one for each show: experiments run
beside the program's own port, and their threads are looked at apart from its own.
"""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from itertools import count
from typing import Protocol
from weakref import WeakValueDictionary

from app.net.crowd import Crowd
from app.net.process import most_clients, prepare_process
from app.net.sender import Sender
from app.net.timetable import Timetable
from app.net.trace import Show

DEADLINE_S = 1.0  # for each of its threads to end


class User(Protocol):
    """A server, as its engine sees it."""

    @property
    def held_descriptors(self) -> int:
        """By its clients."""

    def report(self, error: Exception, *, goes_on: bool) -> None:
        """Something went wrong that concerns every server. Any thread; never raises."""


class Engine:
    """Sender, turnstile and timetable of all servers that use it. Any thread."""

    def __init__(self, show: Show) -> None:
        self.sender: Sender  # there from the first `open` on
        self.crowd: Crowd
        self.timetable: Timetable
        self._show = show
        self._lock = threading.Lock()
        self._users: tuple[User, ...] = ()
        self.send_ids = count(1)  # of users' sends: one may be to clients of several servers

    def open(self, user: User) -> None:
        """Be there for this server. Raises OSError: no more descriptors, or threads."""
        with self._lock:
            if not self._users:
                prepare_process()
                self._open()
            self._users += (user,)

    def _open(self) -> None:
        with ExitStack() as undo:
            self.crowd = crowd = Crowd(self._report, show=self._show)
            undo.callback(crowd.close, DEADLINE_S)
            crowd.open()
            self.sender = sender = Sender(self._report, show=self._show)
            sender.open()
            undo.callback(sender.close)
            sender.start()
            self.timetable = Timetable(self._report, show=self._show)
            undo.pop_all()

    def close(self, user: User) -> int:
        """Be there for this server no longer; return how many threads did not end in time."""
        with self._lock:
            self._users = tuple(other for other in self._users if other is not user)
            if self._users:
                return 0
            sender, crowd, timetable = self.sender, self.crowd, self.timetable
        timetable_ended = timetable.close(DEADLINE_S)
        sender.stop()
        sender_ended = sender.join(DEADLINE_S)
        return (not timetable_ended) + (not sender_ended) + (not crowd.close(DEADLINE_S))

    def threads(self) -> dict[int, str]:
        """Return its threads: ident to name."""
        if not self._users:
            return {}
        found = {
            self.sender.ident: "sender",
            self.crowd.ident: "turnstile",
            self.timetable.ident: "timetable",
        }
        return {ident: name for ident, name in found.items() if ident is not None}

    @property
    def client_count(self) -> int:
        """The clients of all its servers that each take a descriptor."""
        return sum(user.held_descriptors for user in self._users)

    def _report(self, error: Exception) -> None:
        for user in self._users:
            user.report(error, goes_on=True)


_ENGINES: WeakValueDictionary[Show, Engine] = WeakValueDictionary()  # its servers keep each alive
_FINDING = threading.Lock()


def engine_for(show: Show) -> Engine:
    """Return the one that all servers of a show share."""
    with _FINDING:
        engine = _ENGINES.get(show)
        if engine is None:
            engine = _ENGINES[show] = Engine(show)
        return engine


def has_room_for_a_client() -> bool:
    """Return whether this process may have one more: each takes a descriptor."""
    engines = [ref() for ref in _ENGINES.valuerefs()]  # others come and go meanwhile
    clients = sum(engine.client_count for engine in engines if engine is not None)
    return clients < most_clients(sys.maxsize)
