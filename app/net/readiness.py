"""Which of many sockets take bytes again; which of a few have a client for us."""

from __future__ import annotations

import select
import selectors
import sys
import threading
from contextlib import ExitStack, suppress
from typing import Generic, Protocol, TypeVar

from app.net.wakeup import WakeUp

T = TypeVar("T")

# CPython's select on Windows takes 512 sockets; the wake-up pair is one of them.
GROUP_SIZE = 511
_EACH_GROUP_S = 0.02


class Readiness(Protocol[T]):
    """Waits until sockets are writable. `wait` is for one thread, the rest for any."""

    def watch(self, fileno: int, owner: T) -> None:
        """Report `owner` from now on, whenever its socket takes bytes or has failed."""

    def forget(self, fileno: int) -> None:
        """Report it no longer; before the socket is closed."""

    def wait(self, timeout_s: float | None = None) -> list[T]:
        """Wait for sockets, for `wake` or so long; return the owners of those that are ready."""

    def wake(self) -> None:
        """Make `wait` return."""

    def close(self) -> None:
        """Give the descriptors back; `watch` and `forget` do nothing from now on."""


class SelectorReadiness(Generic[T]):
    """Linux (epoll), macOS (kqueue): any number of sockets, changed while another thread waits.

    On Windows, for a few that are watched before anybody waits.
    """

    def __init__(self, event: int = selectors.EVENT_WRITE) -> None:
        """`event`: what `watch` asks for. Raises OSError."""
        self._event = event
        with ExitStack() as undo:
            self._wakeup = WakeUp()
            undo.callback(self._wakeup.close)
            self._selector = undo.enter_context(selectors.DefaultSelector())
            self._selector.register(self._wakeup, selectors.EVENT_READ)
            undo.pop_all()
        self._lock = threading.Lock()
        self._closed = False

    def watch(self, fileno: int, owner: T) -> None:
        """Report `owner` from now on, whenever its socket takes bytes or has failed."""
        with self._lock:
            if not self._closed:
                self._selector.register(fileno, self._event, owner)

    def forget(self, fileno: int) -> None:
        """Report it no longer; before the socket is closed."""
        with self._lock:
            if not self._closed:
                self._selector.unregister(fileno)

    def wait(self, timeout_s: float | None = None) -> list[T]:
        """Wait for sockets, for `wake` or so long; return the owners of those that are ready."""
        ready = self._selector.select(timeout_s)
        self._wakeup.clear()
        return [key.data for key, _ in ready if key.data is not None]

    def wake(self) -> None:
        """Make `wait` return."""
        self._wakeup.wake()

    def close(self) -> None:
        """Give the descriptors back."""
        with self._lock:
            self._closed = True
            self._selector.close()
        self._wakeup.close()


def select_in_groups(
    wakeup: WakeUp, filenos: list[int], timeout_s: float | None, *, writing: bool
) -> list[int]:
    """Return those of the sockets that are ready, or broken. Windows' select takes 512.

    With more, each group is waited for in turn for a moment. A wake-up ends the wait for its group.
    """
    groups = [filenos[i : i + GROUP_SIZE] for i in range(0, len(filenos), GROUP_SIZE)] or [[]]
    wait_s = timeout_s if len(groups) == 1 or timeout_s == 0 else _EACH_GROUP_S
    ready: list[int] = []
    for group in groups:
        reading, written = ([], group) if writing else (group, [])
        with suppress(OSError):  # one was closed meanwhile: its owner has forgotten it
            # Windows tells a failed connection among the exceptional ones.
            found = select.select([wakeup.fileno(), *reading], written, group, wait_s)
            ready += {*found[0], *found[1], *found[2]} - {wakeup.fileno()}
    return ready


class GroupedReadiness(Generic[T]):
    """Windows: `select` in groups; with more than one group, each in turn for a moment."""

    def __init__(self) -> None:
        self._wakeup = WakeUp()
        self._owners: dict[int, T] = {}

    def watch(self, fileno: int, owner: T) -> None:
        """Report `owner` from now on, whenever its socket takes bytes or has failed."""
        self._owners[fileno] = owner
        self._wakeup.wake()  # select looks only at what it was given when it began

    def forget(self, fileno: int) -> None:
        """Report it no longer; before the socket is closed."""
        self._owners.pop(fileno, None)

    def wait(self, timeout_s: float | None = None) -> list[T]:
        """Wait for sockets, for `wake` or so long; return the owners of those that are ready."""
        watched = list(self._owners.copy())
        ready = select_in_groups(self._wakeup, watched, timeout_s, writing=True)
        self._wakeup.clear()
        owners = (self._owners.get(fileno) for fileno in ready)
        return [owner for owner in owners if owner is not None]

    def wake(self) -> None:
        """Make `wait` return."""
        self._wakeup.wake()

    def close(self) -> None:
        """Give the descriptors back."""
        self._wakeup.close()


def system_readiness() -> Readiness[T]:
    """Return what fits this system."""
    return GroupedReadiness() if sys.platform == "win32" else SelectorReadiness()
