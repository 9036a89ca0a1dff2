"""The hook for whoever wants to see what the sockets and threads do.

This room knows nobody who looks. While `is_watched` is False, a call that is made for every chunk
costs its guard and nothing else: no argument is kept, no clock is read. `TracedSocket` and the
wires carry the guards, so that the server reads as it would without them; what is no socket's call
(a thread's begin and end, a wait) is told by the functions below.
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


class Show:
    """Threads that are looked at together: those of the user's server, or of one experiment."""

    def __init__(self) -> None:
        self.tracer: Tracer | None = None  # by `set_tracer`


USER = Show()  # also of every thread that never said whose it is
is_watched = False  # whether anybody looks at any show
_watched: set[Show] = set()
_watching = threading.Lock()
# The call that each thread (by its ident) is in now, if it is one that may wait: name, owner and
# arguments. Kept also while nobody looks, for whoever begins to. Each thread writes its own.
standing: dict[int, tuple[str, object, tuple[object, ...]]] = {}
_here = threading.local()  # show: whose thread this is


def set_tracer(new: Tracer | None, show: Show = USER) -> None:
    """Tell `new` of every call in this show from now on; None: nobody. Any thread."""
    global is_watched
    with _watching:
        show.tracer = new
        (_watched.discard if new is None else _watched.add)(show)
        is_watched = bool(_watched)


def thread_begins(name: str, client_id: int = 0, *, show: Show = USER) -> None:
    """Say that this thread runs, and to which show it belongs, now and later."""
    _here.show = show
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
    if not is_watched:
        return None
    show: Show = getattr(_here, "show", USER)
    return show.tracer
