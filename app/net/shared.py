"""What all sessions of one server have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.net.facts import Reply
    from app.net.sender import Sender


@dataclass(slots=True)
class Shared:
    """Read by every worker at every chunk; the last two may be changed meanwhile, by any thread."""

    journal: Journal
    sender: Sender
    outbox_limit_bytes: int
    keepalive_s: int
    recv_size_bytes: int
    reply: Reply | None
