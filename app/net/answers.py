"""What answers clients: the seam between a session and whoever knows what to say.

A `Reply` is what a server is given; it opens a `Replier` for each client, which keeps that
client's state. Fixed text, echo and rules are `app.reply`'s; `app.net.answering` does what a
replier asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from app.net.session import Session


class Deed(StrEnum):
    """What an answer does. The values are stored in journals."""

    SEND = "send"
    FILE = "file"  # a file's bytes: its path in `text`
    CLOSE = "close"  # once what waits has been sent
    RESET = "reset"  # at once, with a RST
    NOTE = "note"  # write `text` beside the client
    MARK = "mark"  # say `text` in the log
    PAUSED = "paused"  # the rule does nothing any more; `text` says why


class Answer(NamedTuple):
    """One thing to do for a client."""

    data: bytes = b""
    rule: str = ""  # who says so, told in the log; "": an echo or a fixed text
    delay_s: float = 0.0
    deed: Deed = Deed.SEND
    text: str = ""
    piece_bytes: int = 0  # send so many at a time …
    every_s: float = 0.0  # … and wait so long in between


class Answered(Protocol):
    """What a replier may know of its client. Read by its worker and the timetable's thread."""

    client_id: int

    @property
    def encoding(self) -> str:
        """The encoding of the client's text, as it is now."""

    @property
    def note(self) -> str:
        """What the user noted about it."""

    @property
    def address(self) -> str:
        """Where it connects from: `host:port`."""


class Replier(Protocol):
    """Answers one client. One thread at a time calls it. Bare bytes are sent, and nothing is said.

    What it raises is told in the log, and neither the client nor its worker ends of it.
    """

    @property
    def patience_s(self) -> float | None:
        """Ask `overdue` when nothing has come for so long; None: never."""

    def begin(self) -> Iterable[Answer | bytes]:
        """The client has just come."""

    def feed(self, chunk: bytes) -> Iterable[Answer | bytes]:
        """One recv returned this."""

    def overdue(self) -> Iterable[Answer | bytes]:
        """Nothing came for a while."""


class Hears(Protocol):
    """Who hears each chunk before it is answered, and may answer itself. Any worker, many at once.

    It is no `Reply`: the user's own goes on beside it, and whoever comes and goes here changes
    nothing of that.
    """

    def __call__(self, session: Session, chunk: bytes, /) -> bytes:
        """Return what is left to be answered; b"": nothing. Thread: the session's worker."""


class Reply(Protocol):
    """What a server answers with. Any worker calls it, many at once."""

    def open(self, client: Answered) -> Replier:
        """Return what answers this client."""
