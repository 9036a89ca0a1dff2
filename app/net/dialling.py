"""Connecting to a forward's target, in the worker of the client it is for."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import selectors
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

from app.net.addresses import WILDCARDS
from app.net.facts import CloseReason, Endpoint
from app.net.oserrors import WireError, error_text
from app.net.traced_socket import TracedSocket

PATIENCE_S = 10.0  # for the target to answer
LOOK_S = 0.1  # so soon it is noticed that nobody wants the connection any more
_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}


def dial(
    target: Endpoint,
    own: Iterable[Endpoint],
    is_wanted: Callable[[], bool],
    leaves_by: Callable[[int], object],
) -> TracedSocket:
    """Return a socket that is connected to `target`.

    `own`: where the server listens itself. `leaves_by` is told the port by which somebody on this
    machine will be reached, before that. Raises WireError: the target is the server itself, or
    cannot be reached, or `is_wanted()` is no longer true.
    """
    own, problem = tuple(own), ""
    try:
        found = socket.getaddrinfo(*target, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise WireError(CloseReason.TARGET_FAILED, f"{target}: {error_text(error)}") from error
    for family, kind, protocol, _, address in found:
        host = str(address[0])
        if leads_home(host, target.port, own):
            raise WireError(CloseReason.LOOP, str(target))
        reaching = TracedSocket(family, kind, protocol)
        try:
            if is_local(host):
                reaching.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))
                leaves_by(reaching.getsockname()[1])
            _connect(reaching, address, is_wanted)
        except OSError as error:
            reaching.close()
            problem = error.strerror or error_text(error)
            continue
        except BaseException:
            reaching.close()
            raise
        return reaching
    raise WireError(CloseReason.TARGET_FAILED, f"{target}: {problem}")


def _connect(
    reaching: TracedSocket, address: tuple[Any, ...], is_wanted: Callable[[], bool]
) -> None:
    """Raises OSError."""
    until_s = time.monotonic() + PATIENCE_S
    reaching.setblocking(False)
    problem = reaching.connect_ex(address)
    if problem not in _UNDER_WAY:
        raise OSError(problem, os.strerror(problem))
    with selectors.DefaultSelector() as selector:
        selector.register(reaching, selectors.EVENT_WRITE)
        while not selector.select(LOOK_S):
            if not is_wanted() or time.monotonic() >= until_s:
                raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    if problem := reaching.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(problem, os.strerror(problem))


def leads_home(host: str, port: int, own: Iterable[Endpoint]) -> bool:
    """Return whether who dials this numeric address reaches one of our own listening sockets."""
    for endpoint in own:
        if endpoint.port == port and is_local(host):
            address, ours = _plain(host), _plain(endpoint.host)
            same_family = address.version == ours.version
            if address == ours or (
                same_family and (endpoint.host in WILDCARDS or address.is_unspecified)
            ):
                return True
    return False


def is_local(host: str) -> bool:
    """Return whether a numeric address is one of this machine's, or stands for all of them."""
    address = _plain(host)
    if address.is_unspecified or address.is_loopback:
        return True
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((str(address), 0))  # nobody else's can be taken
        return True
    return False


def _plain(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
