"""What workers hear of the class: lines, and browsers that want the page.

`hear` is called by any worker, many at once; each client's stream belongs to its own. The dict of
streams is filled by workers and emptied by who takes the news: single operations, which the
interpreter lock makes whole.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from app.net.facts import CloseReason
from app.teaching.roll.lines import Line, Lines
from app.teaching.roll.request import MOST_BYTES, Request, Stage, read_request, response, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.journal.refs import ClientRef
    from app.net.session import Session

    Page = Callable[["Visit"], str]  # the HTML; any worker


class Said(NamedTuple):
    """Lines that a client sent."""

    session: Session
    lines: list[Line]


class Visit(NamedTuple):
    """A browser asked for something."""

    session: Session
    token: str  # by which it is known; "": it asked for no page, so nobody looks at it
    name: str
    answer: str


class Hearing:
    """Cuts streams, sends pages, and keeps what was heard until `take`."""

    def __init__(self, page: Page, poke: Callable[[], None]) -> None:
        """`poke` says that there is news; any thread."""
        self.answers_browsers = True
        self._page, self._poke = page, poke
        self._streams: dict[ClientRef, _Stream] = {}
        self._news: deque[Said | Visit] = deque()

    def hear(self, session: Session, chunk: bytes) -> bytes:
        """Take a chunk; return what is left for a reply. Thread: the client's worker."""
        stream = self._streams.get(session.ref)
        if stream is None:
            stream = self._streams[session.ref] = _Stream(session.bytes_in == len(chunk))
        if stream.held is not None:
            stream.held += chunk
            stage = stage_of(stream.held)
            if not self.answers_browsers:
                stream.is_browser = stage is Stage.WHOLE
            elif stage is Stage.WHOLE:
                self._welcome(session, stream.held)
                return b""
            if stage is Stage.MAYBE:
                return b"" if self.answers_browsers else chunk
            held, stream.held = stream.held, None
            chunk = held if self.answers_browsers else chunk
        if not stream.is_browser:
            lines = stream.lines.feed(chunk, session.encoding, time.monotonic())
            if lines:
                self._tell(Said(session, lines))
        return chunk

    def take(self) -> list[Said | Visit]:
        """Return what was heard since the last call, oldest first. One thread."""
        return [self._news.popleft() for _ in range(len(self._news))]

    def forget(self, client: ClientRef) -> None:
        """This client has gone."""
        self._streams.pop(client, None)

    def _welcome(self, session: Session, held: bytes) -> None:
        asked = read_request(held)
        if len(held) > MOST_BYTES:
            self._send(session, response("", status=431))
        elif asked.path != "/":  # an icon for the tab, for instance
            self._send(session, response("", status=404, is_head=asked.is_head))
        else:
            self._send_page(session, asked)
            return
        self._tell(Visit(session, "", "", ""))

    def _send_page(self, session: Session, asked: Request) -> None:
        token = asked.token or secrets.token_hex(8)
        visit = Visit(session, "" if asked.is_head else token, asked.name, asked.answer)
        page = self._page(visit)
        self._send(session, response(page, is_head=asked.is_head, token=visit.token))
        self._tell(visit)

    def _send(self, session: Session, answer: bytes) -> None:
        session.outlet.send(answer, "utf-8")
        session.outlet.finish(CloseReason.PAGE_SENT)

    def _tell(self, news: Said | Visit) -> None:
        self._news.append(news)
        self._poke()


class _Stream:
    """One client's; its worker's."""

    def __init__(self, is_new: bool) -> None:
        # The first bytes, while they may be a request; None: they are none, or came before.
        self.held: bytes | None = b"" if is_new else None
        self.is_browser = False  # one that is not answered: its words are no lines
        self.lines = Lines()
