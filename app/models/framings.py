"""Which framings the user chose: for each server, and for single clients of each journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.client_servers import ClientServers

if TYPE_CHECKING:
    from app.frames.framing import Split
    from app.frames.kits import Kit
    from app.frames.shelf import KitShelf
    from app.journal.refs import JournalKey
    from app.models.framing_plan import FramingPlan, ReadBy

NONE = "none"  # as it is written; what it and others mean is read when something is cut


class Framings(QObject):
    """Framings as they are written, and what they mean with the kits of now. GUI thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_kits: Callable[[], KitShelf] | None = None
        self._kits: KitShelf | None = None
        self._servers: dict[int, str] = {}
        self._selected = 0
        self._clients = ClientServers()
        self._own: dict[JournalKey | None, dict[int, str]] = {}
        self._journal: JournalKey | None = None

    def set_kits(self, make: Callable[[], KitShelf]) -> None:
        """Make the kits in this way when the first one is needed."""
        self._make_kits = make

    @property
    def kits(self) -> KitShelf | None:
        """The kits there are; None where there are none."""
        if self._kits is None and self._make_kits is not None:
            self._kits = self._make_kits()
        return self._kits

    @property
    def default(self) -> str:
        """What holds for the selected server's clients that have none of their own."""
        return self._servers.get(self._selected, NONE)

    def default_of(self, client_id: int) -> str:
        """What holds for this client, if it has none of its own."""
        return self._servers.get(self._clients.of(client_id), self.default)

    @property
    def own(self) -> Mapping[int, str]:
        """Framings of single clients of the journal that is shown."""
        return self._own.get(self._journal, {})

    @property
    def is_used(self) -> bool:
        """Whether anything is cut into frames."""
        specs = (self.default, *self._servers.values(), *self.own.values())
        return any(spec != NONE for spec in specs)

    def of(self, client_id: int) -> str:
        """Return a client's framing as it is written."""
        return self.own.get(client_id) or self.default_of(client_id)

    def set_journal(self, journal: JournalKey) -> None:
        """The clients of this journal are meant from now on."""
        self._journal = journal

    def set_clients(self, clients: ClientServers) -> None:
        """Which servers the clients of the journal that is shown next belong to."""
        self._clients = clients

    def set_servers(self, specs: Mapping[int, str], selected: int) -> None:
        """Read the clients of each server so who have no framing of their own."""
        before = self._servers, self.default
        self._servers, self._selected = dict(specs), selected
        if before != (self._servers, self.default):
            self.changed.emit()

    @property
    def selected(self) -> int:
        """The number of the server whose framing is `default`."""
        return self._selected

    def set_default(self, spec: str) -> None:
        """Read those of the selected server so who have no framing of their own."""
        self.set_servers({**self._servers, self._selected: spec}, self._selected)

    def set_servers_of(self, client_id: int, spec: str) -> int:
        """Read all clients of this client's server so; return the server's number."""
        server_id = self._clients.of(client_id) or self._selected
        self.set_servers({**self._servers, server_id: spec}, self._selected)
        return server_id

    def set_own(self, client_ids: Iterable[int], spec: str | None) -> None:
        """Give clients a framing of their own, or None: that of their server."""
        own = self._own.setdefault(self._journal, {})
        before = dict(own)
        for client_id in client_ids:
            if spec is None:
                own.pop(client_id, None)
            else:
                own[client_id] = spec
        if own != before:
            self.changed.emit()

    def plan(self) -> FramingPlan:
        """Return how every client's bytes are read now."""
        from app.models.framing_plan import FramingPlan

        known: dict[str, ReadBy] = {}

        def read_by(spec: str) -> ReadBy:
            if spec not in known:
                known[spec] = self.read(spec)
            return known[spec]

        own = {client_id: read_by(spec) for client_id, spec in self.own.items()}
        servers = {server_id: read_by(spec) for server_id, spec in self._servers.items()}
        return FramingPlan(read_by(self.default), own, servers, self._clients)

    def read(self, spec: str) -> ReadBy:
        """Return what a framing means; one that means nothing (any more) leaves chunks alone."""
        from app.frames.framing import FramingFault
        from app.models.framing_plan import CHUNKS

        try:
            return self.read_strictly(spec)
        except FramingFault:
            return CHUNKS

    def read_strictly(self, spec: str) -> ReadBy:
        """Return what a framing means. Raises FramingFault."""
        from app.frames.written import read_framing
        from app.models.framing_plan import ReadBy

        kits: list[Kit] = []

        def rule(name: str) -> Split | None:
            kit = self.kits.find(name) if self.kits is not None else None
            if kit is None:
                return None
            kits.append(kit)
            return kit.split

        framing = read_framing(spec, rule)
        return ReadBy(framing, kits[0] if kits else None)
