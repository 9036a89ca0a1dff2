"""Who is here. One thread.

A pupil is a line, whatever number of connections it made: a browser makes one for each page, and is
known by its token; a client that has left and comes again under the same name is the same pupil.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.teaching.roll.naming import namesakes

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.journal.refs import ClientRef
    from app.net.session import Session


class Presence(StrEnum):
    """Where a pupil is."""

    HERE = "here"
    BROWSER = "browser"  # it had its page; nobody knows whether it still looks
    LEFT = "left"


@dataclass(eq=False)
class Pupil:
    """One line of the roll."""

    key: int
    session: Session  # the newest connection
    since_ns: int  # the wall clock at the first one
    token: str = ""  # of a browser
    named: str = ""  # by itself
    former_bytes: int = 0  # of connections before

    @property
    def name(self) -> str:
        """What it is called: the client's note, the user's own included, or what it said."""
        return self.session.note or self.named

    @property
    def presence(self) -> Presence:
        """Where it is."""
        if self.token:
            return Presence.BROWSER
        return Presence.HERE if self.session.reason is None else Presence.LEFT

    @property
    def bytes_in(self) -> int:
        """Bytes received on all its connections."""
        return self.former_bytes + self.session.bytes_in


class Roll:
    """All pupils, in the order in which they came."""

    def __init__(self, on_merged: Callable[[int, int], object] = lambda former, key: None) -> None:
        """`on_merged` hears that the pupil `former` turned out to be the pupil `key`."""
        self._on_merged = on_merged
        self._last_key = 0
        self._pupils: dict[int, Pupil] = {}
        self._by_client: dict[ClientRef, Pupil] = {}
        self._by_token: dict[str, Pupil] = {}
        self._strangers: set[ClientRef] = set()  # they asked for no page: an icon, or the head

    @property
    def pupils(self) -> list[Pupil]:
        """All but our own demo clients."""
        return [pupil for pupil in self._pupils.values() if not pupil.session.is_demo]

    def joined(self, session: Session) -> Pupil | None:
        """A connection is there; return whose. None: nobody's. Again and again for the same one."""
        if session.ref in self._strangers:
            return None
        pupil = self._by_client.get(session.ref)
        if pupil is None:
            self._last_key += 1
            pupil = Pupil(self._last_key, session, session.opened_ns)
            self._pupils[pupil.key] = self._by_client[session.ref] = pupil
        return pupil

    def left(self, session: Session) -> None:
        """A connection has ended. Who never said a word is not kept."""
        pupil = self._by_client.get(session.ref)
        if pupil is not None and not pupil.name and not pupil.bytes_in:
            self._remove(pupil)

    def name(self, pupil: Pupil, name: str) -> Pupil:
        """Call a pupil so; return it, or the one that has come again.

        Where a pupil of that name is here, this one is called `name (2)`.
        """
        for called in namesakes(name):
            other = next((p for p in self._pupils.values() if p.named == called), None)
            if other is None or other is pupil:
                pupil.named = called
                return pupil
            if other.presence is Presence.LEFT and not pupil.token:
                self._merge(pupil, other)
                return other
        raise AssertionError("there is always one more")

    def visited(self, session: Session, token: str) -> Pupil | None:
        """A browser asked for a page; without a token for something else, and it is nobody."""
        known = self._by_token.get(token) if token else None
        pupil = self.joined(session)
        if not token:
            self._strangers.add(session.ref)
            if pupil is not None:
                self._remove(pupil)
            return None
        if pupil is None:
            return known
        pupil.token = token
        if known is not None and known is not pupil:
            self._merge(pupil, known)
            return known
        self._by_token[token] = pupil
        return pupil

    def forget_left(self) -> None:
        """Keep only who is here, or may be."""
        for pupil in list(self._pupils.values()):
            if pupil.presence is Presence.LEFT:
                self._remove(pupil)

    def _merge(self, newer: Pupil, pupil: Pupil) -> None:
        """`newer` is `pupil`, come again."""
        pupil.former_bytes += pupil.session.bytes_in
        pupil.session = newer.session
        self._pupils.pop(newer.key, None)
        self._by_client[newer.session.ref] = pupil
        self._on_merged(newer.key, pupil.key)

    def _remove(self, pupil: Pupil) -> None:
        self._pupils.pop(pupil.key, None)
        self._by_token.pop(pupil.token, None)
        for client in [ref for ref, whose in self._by_client.items() if whose is pupil]:
            del self._by_client[client]
