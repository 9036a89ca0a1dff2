"""What all sessions of one server have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.net.sender import Sender
    from app.net.turns import Turns

# The client's encoding and the chunk to the answer's bytes; may raise text's EncodeFault.
Reply = Callable[[str, bytes], bytes]


@dataclass(slots=True)
class Shared:
    """Read by every worker at every chunk; the last two may be changed meanwhile, by any thread."""

    journal: Journal
    sender: Sender
    turns: Turns
    outbox_limit_bytes: int
    keepalive_s: int
    recv_size_bytes: int
    reply: Reply | None
