"""Which of ten thousand sockets have something to receive: how the systems differ there."""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Protocol

from app.net.readiness import select_in_groups
from app.net.wakeup import WakeUp

LOOK_S = 0.005  # between two looks, where a look is dear


class Poll(Protocol):
    """Which sockets have something to receive: each is told once, until it is asked for again.

    It is made with a wake-up pair, which ends `ready`.
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

    def __init__(self, wakeup: WakeUp) -> None:
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

    def __init__(self, wakeup: WakeUp) -> None:
        self._queue = select.kqueue()  # type: ignore[attr-defined]
        self._change(wakeup.fileno(), select.KQ_EV_ADD)  # type: ignore[attr-defined]

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


class SelectPoll:
    """Windows, whose select takes 512 sockets: with more, in groups, each in turn for a moment.

    It takes long for so many: so all that are ready are kept, and nobody looks again at once.
    """

    def __init__(self, wakeup: WakeUp) -> None:
        self._wakeup = wakeup
        self._asked: dict[int, None] = {}  # in the order in which they asked
        self._found: deque[int] = deque()
        self._look_s = 0.0  # when to look again (monotonic)

    def ask(self, fileno: int, *, first: bool) -> None:
        """Ask for this socket, for the first time or again."""
        self._asked[fileno] = None
        self._wakeup.wake()  # select looks only at what it was given when it began

    def ready(self, most: int, *, wait: bool) -> list[int]:
        """Return some of those asked for that are ready."""
        if not self._found and (wait or monotonic() >= self._look_s):
            self._look(wait)
            self._look_s = monotonic() + LOOK_S
        told: list[int] = []
        with suppress(IndexError):  # another thread was faster
            while self._found and len(told) < most:
                told.append(self._found.popleft())
        return told

    def _look(self, wait: bool) -> None:
        ready = select_in_groups(
            self._wakeup, list(self._asked), None if wait else 0, writing=False
        )
        # Two threads may look at the same time: each is told by one of them.
        self._found += [number for number in ready if self._asked.pop(number, 0) is None]

    def forget(self, fileno: int) -> None:
        """Ask for it no longer; before the socket is closed."""
        self._asked.pop(fileno, None)

    def close(self) -> None:
        """There is nothing to give back."""


def _system_poll() -> Callable[[WakeUp], Poll]:
    if hasattr(select, "epoll"):
        return EpollPoll
    return KqueuePoll if hasattr(select, "kqueue") else SelectPoll


POLL = _system_poll()
