"""macOS' kqueue, as far as the turnstile needs it, played by Linux' epoll.

A one-shot event is deleted when it is told, and deleting it again is an error (kqueue(2)).
"""

from __future__ import annotations

import errno
import os
import select
from typing import NamedTuple

import pytest

KQ_FILTER_READ = -1
KQ_EV_ADD, KQ_EV_DELETE, KQ_EV_ONESHOT = 0x1, 0x2, 0x10


class KEvent(NamedTuple):
    ident: int
    filter: int
    flags: int


class KQueue:
    """`select.kqueue`."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._once: set[int] = set()

    def control(
        self, changes: list[KEvent] | None, most: int, timeout: float | None = None
    ) -> list[KEvent]:
        for change in changes or []:
            assert change.filter == KQ_FILTER_READ
            self._change(change)
        if not most:
            return []
        told = [number for number, _ in self._poll.poll(timeout, most)]
        for number in self._once & set(told):
            self._forget(number)
        return [KEvent(number, KQ_FILTER_READ, 0) for number in told]

    def close(self) -> None:
        self._poll.close()

    def _change(self, change: KEvent) -> None:
        if change.flags & KQ_EV_DELETE:
            if change.ident not in self._once:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            self._forget(change.ident)
        elif change.flags & KQ_EV_ONESHOT:
            self._once.add(change.ident)
            self._poll.register(
                change.ident, select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT
            )
        else:
            self._poll.register(change.ident, select.EPOLLIN)

    def _forget(self, number: int) -> None:
        self._once.discard(number)
        self._poll.unregister(number)


def be_macos(patch: pytest.MonkeyPatch) -> None:
    """Let `select` have a kqueue."""
    for name, value in {
        "kqueue": KQueue,
        "kevent": KEvent,
        "KQ_FILTER_READ": KQ_FILTER_READ,
        "KQ_EV_ADD": KQ_EV_ADD,
        "KQ_EV_DELETE": KQ_EV_DELETE,
        "KQ_EV_ONESHOT": KQ_EV_ONESHOT,
    }.items():
        patch.setattr(select, name, value, raising=False)
