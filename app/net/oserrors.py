"""What the system's errors mean: the only file that reads errno."""

from __future__ import annotations

import errno
import socket

from app.net.facts import CloseReason, ListenFault

# On Windows these names stand for Winsock's numbers.
_NOT_LOCAL = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENODEV}
_NO_PERMISSION = {errno.EACCES, errno.EPERM}
_RESET = {errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE}
# Where a router said that it cannot find the peer, keepalive ends with one of the later three.
_SILENT = {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETRESET}


def listen_fault(error: OSError) -> ListenFault:
    """Return why socket, bind or listen failed."""
    if isinstance(error, socket.gaierror):
        return ListenFault.BAD_HOST
    if error.errno == errno.EADDRINUSE:
        return ListenFault.PORT_IN_USE
    if error.errno in _NO_PERMISSION:
        return ListenFault.NO_PERMISSION
    if error.errno in _NOT_LOCAL:
        return ListenFault.NOT_LOCAL
    return ListenFault.OTHER


class WireError(OSError):
    """A connection cannot go on, and not because of the system."""

    def __init__(self, reason: CloseReason, text: str = "") -> None:
        super().__init__(text)
        self.reason = reason


def close_reason(error: OSError) -> CloseReason:
    """Return how a connection ended on which recv or send failed."""
    if isinstance(error, WireError):
        return error.reason
    if error.errno in _RESET:
        return CloseReason.RESET
    if error.errno in _SILENT:
        return CloseReason.TIMED_OUT
    return CloseReason.ERROR


def error_text(error: BaseException) -> str:
    """Return what an error says; its name, where it says nothing."""
    return str(error) or type(error).__name__
