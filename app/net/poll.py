"""Which of ten thousand sockets have something to receive: how the systems differ there."""

from __future__ import annotations

import select
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol


class Poll(Protocol):
    """Which sockets have something to receive: each is told once, until it is asked for again.

    It is made with the descriptor of a wake-up pair, which is told as long as it is ready.
    """

    def ask(self, fileno: int, *, first: bool) -> None:
        """Ask for this socket, for the first time or again. Raises OSError."""

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return some of those asked for that are ready, the longest ready first."""

    def forget(self, fileno: int) -> None:
        """Ask for it no longer; before the socket is closed."""

    def close(self) -> None:
        """Give the descriptor back."""


class EpollPoll:
    """Linux."""

    def __init__(self, wakeup: int) -> None:
        self._poll = select.epoll()
        self._poll.register(wakeup, select.EPOLLIN)

    def ask(self, fileno: int, *, first: bool) -> None:
        """Ask for this socket, for the first time or again. Raises OSError."""
        events = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT
        (self._poll.register if first else self._poll.modify)(fileno, events)

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return some of those asked for that are ready, the longest ready first."""
        return [fileno for fileno, _ in self._poll.poll(-1 if wait else 0, most)]

    def forget(self, fileno: int) -> None:
        """Ask for it no longer; before the socket is closed."""
        self._poll.unregister(fileno)

    def close(self) -> None:
        """Give the descriptor back."""
        self._poll.close()


class KqueuePoll:
    """macOS."""

    def __init__(self, wakeup: int) -> None:
        self._queue = select.kqueue()  # type: ignore[attr-defined]
        self._change(wakeup, select.KQ_EV_ADD)  # type: ignore[attr-defined]

    def ask(self, fileno: int, *, first: bool) -> None:
        """Ask for this socket, for the first time or again. Raises OSError."""
        self._change(fileno, select.KQ_EV_ADD | select.KQ_EV_ONESHOT)  # type: ignore[attr-defined]

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return some of those asked for that are ready, the longest ready first."""
        return [event.ident for event in self._queue.control(None, most, None if wait else 0)]

    def forget(self, fileno: int) -> None:
        """Ask for it no longer; before the socket is closed."""
        with suppress(FileNotFoundError):  # told already: then it is forgotten
            self._change(fileno, select.KQ_EV_DELETE)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Give the descriptor back."""
        self._queue.close()

    def _change(self, fileno: int, flags: int) -> None:
        event = select.kevent(fileno, select.KQ_FILTER_READ, flags)  # type: ignore[attr-defined]
        self._queue.control([event], 0)


class NoPoll:
    """Windows, whose select takes 512 sockets: whoever has no more to receive waits in `recv`."""

    def __init__(self, wakeup: int) -> None:
        self._wakeup = wakeup

    def ask(self, fileno: int, *, first: bool) -> None:
        """Nobody asks here."""
        raise NotImplementedError

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return nobody."""
        return select.select([self._wakeup], [], [])[0] if wait else []

    def forget(self, fileno: int) -> None:
        """Nobody has asked."""

    def close(self) -> None:
        """There is nothing to give back."""


def _system_poll() -> Callable[[int], Poll]:
    if hasattr(select, "epoll"):
        return EpollPoll
    return KqueuePoll if hasattr(select, "kqueue") else NoPoll


POLL = _system_poll()
