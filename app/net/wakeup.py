"""Interrupts a thread that waits for sockets."""

from __future__ import annotations

import contextlib
import socket

_AT_ONCE_BYTES = 4096


class WakeUp:
    """A pair of connected sockets: a byte written into one end makes the other one readable.

    Closing a socket does not wake a thread that waits for it, so whoever waits for sockets waits
    for this one too. `wake` is for any thread, the rest for the thread that waits.
    """

    def __init__(self) -> None:
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self._reading.fileno()

    def wake(self) -> None:
        """Make the waiting thread return; harmless when it was closed meanwhile."""
        # A full pair is already awake; a closed one has nobody left to wake.
        with contextlib.suppress(OSError):
            self._writing.send(b"\0")

    def clear(self) -> None:
        """Forget all calls of `wake` so far."""
        with contextlib.suppress(BlockingIOError):
            while len(self._reading.recv(_AT_ONCE_BYTES)) == _AT_ONCE_BYTES:
                pass

    def close(self) -> None:
        """Give both descriptors back."""
        self._reading.close()
        self._writing.close()
