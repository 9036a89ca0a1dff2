"""The hook for whoever wants to see what the sockets and threads do.

This room knows nobody who looks. While `tracer` is None, a call that is made for every chunk costs
its guard and nothing else: no argument is kept, no clock is read. `TracedSocket` and the wires
carry the guards, so that the server reads as it would without them; what is no socket's call (a
thread's begin and end, a wait) is told by the functions below.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import get_ident
from typing import Protocol, TypeVar

T = TypeVar("T")


class Tracer(Protocol):
    """Who is told. Every method is called in the thread it is about, and may hold that one up.

    A thread is in one call at a time: `calling` opens it, the thread's next `returned` closes it.
    `returned` may come alone: then the call began before the tracer was set; see `standing`.
    """

    def thread_begins(self, name: str, client_id: int) -> None:
        """The thread runs from now on; `client_id` is 0 unless it is a client's worker."""

    def thread_ends(self) -> None:
        """The thread is about to end."""

    def calling(self, name: str, owner: object, arguments: tuple[object, ...]) -> None:
        """The thread is about to call `name` of `owner`: a TracedSocket, a Thread, or None."""

    def returned(
        self, name: str, owner: object, arguments: tuple[object, ...], result: object
    ) -> None:
        """The call has returned `result`; an exception instance if it raised one."""


tracer: Tracer | None = None
# The call that each thread (by its ident) is in now, if it is one that may wait: name, owner and
# arguments. Kept also while nobody looks, for whoever begins to. Each thread writes its own.
standing: dict[int, tuple[str, object, tuple[object, ...]]] = {}
_here = threading.local()  # off_show: a thread of a server that is not on display


def set_tracer(new: Tracer | None) -> None:
    """Tell `new` of every call from now on; None: nobody. Any thread."""
    global tracer
    tracer = new


def thread_begins(name: str, client_id: int = 0, *, on_show: bool = True) -> None:
    """Say that this thread runs. Not `on_show`: nobody is told of it, now or later."""
    if not on_show:
        _here.off_show = True
    if (looker := _looker()) is not None:
        looker.thread_begins(name, client_id)


def thread_ends() -> None:
    """Say that this thread is about to end."""
    if (looker := _looker()) is not None:
        looker.thread_ends()


def told(name: str, owner: object, function: Callable[..., T], *arguments: object) -> T:
    """Call `function(*arguments)` and tell the tracer, if there is one, before and after."""
    ident = get_ident()
    standing[ident] = name, owner, arguments
    try:
        if (looker := _looker()) is not None:
            looker.calling(name, owner, arguments)
        try:
            result = function(*arguments)
        except BaseException as error:
            if (looker := _looker()) is not None:
                looker.returned(name, owner, arguments, error)
            raise
        if (looker := _looker()) is not None:
            looker.returned(name, owner, arguments, result)
        return result
    finally:
        standing.pop(ident, None)


def _looker() -> Tracer | None:
    """Return who is to be told of this thread, if anybody is."""
    looker = tracer
    return None if looker is None or getattr(_here, "off_show", False) else looker
