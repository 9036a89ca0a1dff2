"""Which framing every client's bytes are read with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.frames.framing import Framing, NoFraming
from app.journal.client_servers import ClientServers

if TYPE_CHECKING:
    from app.frames.kits import Kit


@dataclass(frozen=True, slots=True)
class ReadBy:
    """A framing, and the kit that decodes its frames, if one does."""

    framing: Framing = field(default_factory=NoFraming)
    kit: Kit | None = None


CHUNKS = ReadBy()


@dataclass(frozen=True, slots=True)
class FramingPlan:
    """What holds for the clients of each server, and for some of them instead. Any thread."""

    default: ReadBy = CHUNKS  # of a server that is not known
    own: Mapping[int, ReadBy] = field(default_factory=dict)
    servers: Mapping[int, ReadBy] = field(default_factory=dict)
    clients: ClientServers = field(default_factory=ClientServers, compare=False)

    def of(self, client_id: int) -> ReadBy:
        """Return how a client's bytes are read."""
        found = self.own.get(client_id)
        return found or self.servers.get(self.clients.of(client_id), self.default)

    def framing_of(self, client_id: int) -> Framing:
        """Return a client's framing."""
        return self.of(client_id).framing
