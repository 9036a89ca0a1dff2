"""Which entries the log shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from app.journal.entry import Kind

if TYPE_CHECKING:
    from app.models.row_filter import Filters

CHUNKS: Final = frozenset({int(Kind.IN), int(Kind.OUT)})
EVENTS: Final = frozenset(int(kind) for kind in Kind) - CHUNKS

# What the direction menu offers, and the kinds of entry each choice lets through.
DIRECTIONS: Final[dict[str, frozenset[int] | None]] = {
    "all": None,
    "both": CHUNKS,
    "in": frozenset({int(Kind.IN)}),
    "out": frozenset({int(Kind.OUT)}),
    "events": EVENTS,
}


class LogFilter(NamedTuple):
    """Entries pass that belong to one of the clients and are of one of the kinds. None: any.

    `filters` hide some of them, or all others.
    """

    clients: frozenset[int] | None = None
    kinds: frozenset[int] | None = None
    filters: Filters = ()

    @property
    def streams(self) -> tuple[frozenset[int] | None, frozenset[int] | None]:
        """The clients and the kinds."""
        return self.clients, self.kinds

    @property
    def is_open(self) -> bool:
        """Whether everything passes."""
        return self == LogFilter()
