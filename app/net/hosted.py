"""A client as somebody's own program sees it: what `def handle(client)` is given.

The worker runs the program in place of its own loop. What is received and sent goes the same way
as ever: into the journal, through the outbox, past the turnstile. `recv` and `send` are the
tutorial's, with its surprises: `recv` returns what there is, `b""` is the end, a reset raises
ConnectionResetError.
"""

from __future__ import annotations

import errno
import threading
from typing import TYPE_CHECKING, Any, Protocol

from app.journal.entry import Kind
from app.net.facts import CloseReason, SendResult
from app.text.decoder import encode

if TYPE_CHECKING:
    from app.net.session import Session

RECV_BYTES = 1024
_TURN_S = 0.05  # so soon a program that sleeps notices that it is stopped
_MOST_PARTS = 4  # of an outbox: what is sent at once waits for this share of it


class HostedProgram(Protocol):
    """A program that serves clients in their workers."""

    def handle(self, client: HostedClient) -> None:
        """Serve one client; when it returns, the client is closed. Called by its worker."""

    def check(self) -> None:
        """Raise if the program is to end: every call of a client's method asks."""


class HostedError(Exception):
    """What a program raised: Python's words, and the line of its own file."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.text = text
        self.line = line  # 0: in none


class HostedClient:
    """One client. Its methods are for the program; `send` and `close` for any of its threads."""

    def __init__(self, session: Session, program: HostedProgram) -> None:
        self.number = session.client_id
        self.address = str(session.endpoint)
        self.memory: dict[Any, Any] = {}  # whatever the program wants to remember of it
        self._session = session
        self.has_left = False  # `recv` has returned b""
        self._check = program.check
        self._worker = threading.get_ident()

    @property
    def encoding(self) -> str:
        """The encoding chosen for this client: text is sent in it."""
        return self._session.encoding

    @property
    def note(self) -> str:
        """What the user noted about it."""
        return self._session.note

    def recv(self, size: int = RECV_BYTES) -> bytes:
        """Wait for bytes and return at most `size`; `b""` is the end. Raises OSError."""
        if not 0 < size <= 1 << 24:
            raise ValueError("recv: the size is a number from 1 to 16,777,216")
        self._check()
        if self._session.outlet.is_ending:
            return b""
        data = self._session.recv(size)
        self.has_left = not data
        self._check()
        return data

    def send(self, data: bytes | str) -> None:
        """Send all of it; text in the client's encoding. Raises OSError, EncodeFault.

        Waits while the client does not read, as sendall does. From a thread other than the
        client's own it does not wait: raises BlockingIOError where there is no room.
        """
        self._check()
        whole = encode(data, self._session.encoding) if isinstance(data, str) else bytes(data)
        part = max(1, self._session.outlet.limit_bytes // _MOST_PARTS)
        for at in range(0, len(whole), part):
            self._send(whole[at : at + part])
            self._check()

    def _send(self, data: bytes) -> None:
        outlet = self._session.outlet
        if not outlet.has_room_for(len(data)) and threading.get_ident() == self._worker:
            self._session.wait_for_room(len(data))
        match outlet.send(data, self._session.encoding):
            case SendResult.REFUSED:
                raise BlockingIOError(errno.EAGAIN, "the client does not read")
            case SendResult.GONE | SendResult.FAILED:
                raise BrokenPipeError(errno.EPIPE, "the client has gone")

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until the program is stopped."""
        pause = threading.Event()
        left_s = float(seconds)
        while left_s > 0:
            self._check()
            pause.wait(min(left_s, _TURN_S))
            left_s -= _TURN_S
        self._check()

    def log(self, *words: object) -> None:
        """Write a line of one's own into the journal."""
        self._check()
        text = " ".join(str(word) for word in words)
        self._session.note_event(Kind.PROGRAM_SAID, text=text[:2000])

    def close(self) -> None:
        """Close the connection; `recv` returns `b""` from then on."""
        self._session.outlet.end(CloseReason.PROGRAM_CLOSED)
