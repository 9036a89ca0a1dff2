"""To whom the composer sends, and why it perhaps cannot. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING

from app.bridge.orders import Destination

if TYPE_CHECKING:
    from app.journal.refs import ClientRef, JournalKey


class TargetKind(Enum):
    """The ways to choose."""

    ALL = "all"  # everybody who is online when Send is pressed
    SELECTED = "selected"  # the rows selected in the client table
    SERVER = "server"  # everybody who is online at one of several servers
    ONE = "one"  # one client by its number
    ADDRESS = "address"  # a typed address, to which a server of datagrams sends


class Obstacle(Enum):
    """Why Send is disabled. The values are the keys of the words."""

    PORT_CLOSED = "port_closed"
    NO_CLIENT = "no_client"
    NONE_SELECTED = "none_selected"
    OLD_JOURNAL = "old_journal"  # the table shows one, and its clients are no live ones
    SELECTED_OFFLINE = "selected_offline"
    NO_NUMBER = "no_number"
    ONE_OFFLINE = "one_offline"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    NOTHING_TYPED = "nothing_typed"


_NUMBER = attrgetter("number")
_NOBODY: frozenset[ClientRef] = frozenset()


@dataclass(slots=True)
class TargetChoice:
    """The chosen target among clients that come and go.

    A choice is never changed because its clients went: text meant for one client must not reach
    all of them. Another journal counts its clients anew: the one client of before is no longer
    meant, whoever has its number now.
    """

    kind: TargetKind = TargetKind.ALL
    one: ClientRef | None = None  # of TargetKind.ONE; None: not typed yet
    journal: JournalKey | None = None  # the live one; None: there was none yet
    online: AbstractSet[ClientRef] = _NOBODY
    selected: AbstractSet[ClientRef] = _NOBODY
    server_id: int = 0  # of TargetKind.SERVER, TargetKind.ADDRESS
    typed: str = ""  # of TargetKind.ADDRESS
    # Servers of datagrams, by number: whether each is open.
    datagrams: Mapping[int, bool] = field(default_factory=dict)
    server_of: Callable[[ClientRef], int] = lambda _client: 0

    def clients(self) -> tuple[ClientRef, ...]:
        """The online clients that are meant, by number."""
        if self.kind is TargetKind.ALL:
            return tuple(sorted(self.online, key=_NUMBER))
        if self.kind is TargetKind.SELECTED:
            return tuple(sorted(self.selected & self.online, key=_NUMBER))
        if self.kind is TargetKind.SERVER:
            here = (client for client in self.online if self.server_of(client) == self.server_id)
            return tuple(sorted(here, key=_NUMBER))
        return (self.one,) if self.one is not None and self.one in self.online else ()

    def whom(self) -> tuple[ClientRef, ...] | Destination:
        """The online clients, or the address that is meant: where there is no obstacle."""
        if self.kind is TargetKind.ADDRESS:
            from app.net.targets import read_address  # not for the first paint

            return Destination(self.server_id, read_address(self.typed))
        return self.clients()

    def takes_nothing(self) -> bool:
        """Whether no bytes are something to send: all that is meant gets datagrams."""
        if self.kind is TargetKind.ADDRESS:
            return True
        clients = self.clients() if self.datagrams else ()
        return bool(clients) and all(self.server_of(each) in self.datagrams for each in clients)

    def selected_online(self) -> int:
        """How many of the selected clients are online."""
        return len(self.selected & self.online)

    def obstacle(self) -> Obstacle | None:
        """Why nobody would get anything, or None."""
        if self.kind is TargetKind.ADDRESS:
            return self._address_obstacle()
        if self.kind is TargetKind.ONE:
            if self.one is None:
                return Obstacle.NO_NUMBER
            return None if self.one in self.online else Obstacle.ONE_OFFLINE
        if self.kind is TargetKind.SELECTED and self._selects_in_an_old_journal():
            return Obstacle.OLD_JOURNAL
        if not self.online or (self.kind is TargetKind.SERVER and not self.clients()):
            return Obstacle.NO_CLIENT
        if self.kind is TargetKind.SELECTED:
            if not self.selected:
                return Obstacle.NONE_SELECTED
            return None if self.selected_online() else Obstacle.SELECTED_OFFLINE
        return None

    def _address_obstacle(self) -> Obstacle | None:
        if not self.datagrams.get(self.server_id):
            return Obstacle.PORT_CLOSED
        if not self.typed.strip():
            return Obstacle.NO_ADDRESS
        from app.net.targets import BadTarget, read_address

        try:
            read_address(self.typed)
        except BadTarget:
            return Obstacle.BAD_ADDRESS
        return None

    def _selects_in_an_old_journal(self) -> bool:
        return any(client.journal is not self.journal for client in self.selected)
