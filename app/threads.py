"""How a thread begins where the system may have no more for it."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import ExitStack

# Descriptors by which Qt and GLib wake one thread of theirs.
_TO_WAKE = 4


def begin(thread: threading.Thread) -> None:
    """Start `thread`. Any thread.

    Raises OSError (EAGAIN): the system has no more. One kind of error for every kind of want, as
    for descriptors, where Python raises RuntimeError.
    """
    try:
        thread.start()
    except RuntimeError as error:
        raise OSError(errno.EAGAIN, str(error)) from None


def await_end(thread: threading.Thread) -> None:
    """Wait until `thread` has ended, if it ever began. Any other thread."""
    if thread.ident is not None:
        thread.join()


def check_room() -> None:
    """Raise OSError where a thread of Qt's could not be woken: it would end the whole program.

    To be called before a QThread is started. Any thread.
    """
    with ExitStack() as taken:
        for _ in range(_TO_WAKE):
            taken.callback(os.close, os.open(os.devnull, os.O_RDONLY))
