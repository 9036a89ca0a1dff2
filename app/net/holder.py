"""Who is in the way of a port: a program that listens, one that dials out, or old connections."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from app.net.facts import ListenError, ListenFault, PortHolder

_LISTENS = "LISTEN"
# Nobody owns these any more: the system itself keeps them for a while, minutes at most.
_ENDING = {"TIME_WAIT", "FIN_WAIT1", "FIN_WAIT2", "LAST_ACK", "CLOSING"}
_LENT_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_LENT_PORTS = 49_152, 65_535  # IANA's; Windows, macOS


class _Connection(Protocol):
    """What `psutil.net_connections` tells of a socket."""

    @property
    def laddr(self) -> Any: ...
    @property
    def status(self) -> str: ...
    @property
    def pid(self) -> int | None: ...


def explained(error: ListenError) -> ListenError:
    """Return the error with who is in the way; itself, if nothing more is found.

    Looks at every process: tens of ms, or seconds on a busy machine. Never in the GUI thread.
    """
    if error.fault not in (ListenFault.PORT_IN_USE, ListenFault.NO_PERMISSION):
        return error
    import psutil  # only when a port is busy: not needed to show a window

    port = error.endpoint.port
    holder, fault = None, None
    with contextlib.suppress(psutil.Error, OSError):
        pid, listens, is_old = look_through(
            psutil.net_connections("tcp"), port, set(psutil.pids()) - {os.getpid()}
        )
        if pid is not None:
            holder = PortHolder(psutil.Process(pid).name(), pid, listens)
        elif is_old:
            fault = ListenFault.OLD_CONNECTIONS
    if holder is None and fault is None:
        return error
    # Windows: an exclusively held port is "no permission".
    fault = fault or ListenFault.PORT_IN_USE
    return ListenError(fault, error.endpoint, holder=holder, system_text=error.system_text)


def look_through(
    connections: Iterable[_Connection], port: int, programs: set[int]
) -> tuple[int | None, bool, bool]:
    """Return the pid of who holds `port`, whether it listens there, and whether nobody does.

    `programs` are the pids of all others that run. Nobody: what is left are connections that have
    ended, or that a program left behind which has ended, as this one did a moment ago.
    """
    found = [c for c in connections if c.laddr and c.laddr[1] == port]
    listening = [c for c in found if c.status == _LISTENS]
    for connection in listening or found:
        if connection.pid is not None and (listening or connection.pid in programs):
            return connection.pid, bool(listening), False
    # Without a pid, and not ending: another user's, and the system keeps that to itself.
    unknown = any(c.pid is None and c.status not in _ENDING for c in found)
    return None, bool(listening), bool(found) and not listening and not unknown


def lent_ports() -> tuple[int, int]:
    """Return the first and the last port that the system lends to outgoing connections."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            first, last = _LENT_PORTS.read_text().split()
            return int(first), int(last)
    return _USUAL_LENT_PORTS
