"""To whom the composer sends, and why it perhaps cannot. No Qt in here."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum


class TargetKind(Enum):
    """The three ways to choose."""

    ALL = "all"  # everybody who is online when Send is pressed
    SELECTED = "selected"  # the rows selected in the client table
    ONE = "one"  # one client by its number


class Obstacle(Enum):
    """Why Send is disabled. The values are the keys of the words."""

    PORT_CLOSED = "port_closed"
    NO_CLIENT = "no_client"
    NONE_SELECTED = "none_selected"
    SELECTED_OFFLINE = "selected_offline"
    NO_NUMBER = "no_number"
    ONE_OFFLINE = "one_offline"
    NOTHING_TYPED = "nothing_typed"


_NOBODY: frozenset[int] = frozenset()


@dataclass(slots=True)
class TargetChoice:
    """The chosen target among clients that come and go.

    A choice is never changed because its clients went: text meant for one client must not reach
    all of them.
    """

    kind: TargetKind = TargetKind.ALL
    one: int | None = None  # the number of TargetKind.ONE; None: not typed yet
    online: AbstractSet[int] = _NOBODY
    selected: AbstractSet[int] = _NOBODY

    def client_ids(self) -> tuple[int, ...]:
        """The online clients that are meant, ascending."""
        if self.kind is TargetKind.ALL:
            return tuple(sorted(self.online))
        if self.kind is TargetKind.SELECTED:
            return tuple(sorted(self.selected & self.online))
        return (self.one,) if self.one is not None and self.one in self.online else ()

    def selected_online(self) -> int:
        """How many of the selected clients are online."""
        return len(self.selected & self.online)

    def obstacle(self) -> Obstacle | None:
        """Why nobody would get anything, or None."""
        if self.kind is TargetKind.ONE:
            if self.one is None:
                return Obstacle.NO_NUMBER
            return None if self.one in self.online else Obstacle.ONE_OFFLINE
        if not self.online:
            return Obstacle.NO_CLIENT
        if self.kind is TargetKind.SELECTED:
            if not self.selected:
                return Obstacle.NONE_SELECTED
            return None if self.selected_online() else Obstacle.SELECTED_OFFLINE
        return None
