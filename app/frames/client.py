"""What a kit's, or a student's, `handle(client)` is given; `app.net.hosted` makes it."""

from __future__ import annotations

from typing import Any, Protocol


class Stopped(BaseException):
    """The user stopped or changed the program. No `except Exception` catches it."""


class Client(Protocol):
    """One client of the server, in its own worker thread.

    Every method raises Stopped when the user stops or edits the program, and OSError when the
    connection has broken.
    """

    number: int
    address: str
    memory: dict[Any, Any]

    @property
    def encoding(self) -> str:
        """The encoding chosen for this client."""

    @property
    def note(self) -> str:
        """What the user noted about it."""

    def recv(self, size: int = 1024) -> bytes:
        """Wait for bytes and return at most `size`; `b""` is the end."""

    def send(self, data: bytes | str) -> None:
        """Send all of it; text in the client's encoding."""

    def sleep(self, seconds: float) -> None:
        """Wait so long."""

    def log(self, *words: object) -> None:
        """Write a line of one's own into the journal."""

    def close(self) -> None:
        """Close the connection."""
