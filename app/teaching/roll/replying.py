"""The class as the server's reply: it hears every chunk first, and leaves the rest to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.net.answers import Answer, Answered, Replier, Reply
    from app.net.session import Session
    from app.teaching.roll.hearing import Hearing


class ClassReply:
    """Whoever is not a browser is answered by `other`, if there is one. Any worker."""

    def __init__(self, hearing: Hearing, other: Reply | None) -> None:
        self.other = other
        self._hearing = hearing

    def open(self, client: Answered) -> Replier:
        """Hear and answer this client."""
        other = self.other.open(client) if self.other is not None else None
        return _Heard(self._hearing, cast("Session", client), other)


class _Heard:
    """One client."""

    def __init__(self, hearing: Hearing, session: Session, other: Replier | None) -> None:
        self._hearing, self._session, self._other = hearing, session, other

    @property
    def patience_s(self) -> float | None:
        """As the other one asks."""
        return self._other.patience_s if self._other is not None else None

    def begin(self) -> Iterable[Answer | bytes]:
        """The client has just come."""
        return self._other.begin() if self._other is not None else ()

    def feed(self, chunk: bytes) -> Iterable[Answer | bytes]:
        """Hear a chunk; what is no browser's is the other one's."""
        left = self._hearing.hear(self._session, chunk)
        return self._other.feed(left) if left and self._other is not None else ()

    def overdue(self) -> Iterable[Answer | bytes]:
        """Nothing came for a while."""
        return self._other.overdue() if self._other is not None else ()
