"""Where a server's listener stands."""

from __future__ import annotations

from enum import Enum, auto


class ServerState(Enum):
    """Where the listener stands."""

    CLOSED = auto()
    OPEN = auto()
    CLOSING = auto()  # workers are being ended; the window stays alive meanwhile
