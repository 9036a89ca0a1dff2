"""Which program holds a port."""

from __future__ import annotations

import contextlib


def port_holder(port: int) -> tuple[str, int] | None:
    """Return name and pid of the program that listens on TCP `port`, where the system tells.

    None if nobody does, or if it belongs to another user and the system keeps that to itself.
    """
    import psutil  # only when a port is busy: not needed to show a window

    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status != psutil.CONN_LISTEN or not connection.laddr:
                continue
            if connection.laddr.port == port and connection.pid:
                return psutil.Process(connection.pid).name(), connection.pid
    return None
