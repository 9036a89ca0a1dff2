"""The listening sockets: socket, bind, listen, and why that may fail."""

from __future__ import annotations

import errno
import socket
import struct
import sys
from typing import Any

from app.net.addresses import EVERYWHERE, hosts_of, lacks_zone, local_addresses
from app.net.facts import Endpoint, ListenError, ListenFault, ServerOptions
from app.net.oserrors import listen_fault
from app.net.traced_socket import TracedSocket

HIGHEST_PORT = 65_535
PROBE_S = 0.5
# macOS and other BSDs: with SO_REUSEADDR, 0.0.0.0 and another program's 127.0.0.1 may have the same
# port at once, and each gets a part of the clients.
LETS_BESIDE = sys.platform not in ("linux", "win32")
_FREE_PORT_ATTEMPTS = 20
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
_UNACKED_AT = 24  # bytes into struct tcp_info


def listen_at(options: ServerOptions, *, streams: bool = True) -> list[TracedSocket]:
    """Return the listening sockets that the options ask for: one, or two on the same port.

    Without `streams` they take datagrams, and are only bound. Raises ListenError.
    """
    hosts = hosts_of(options.host)
    backlog = options.backlog if streams else None
    if len(hosts) == 1:
        return [listen_on(hosts[0], options.port, backlog)]
    try:
        return _listen_on_both(hosts[0], hosts[1], options, backlog)
    except ListenError as error:
        # Where there is no IPv6, localhost is what is left of it. "*" asks for both.
        if options.host == EVERYWHERE or error.fault is not ListenFault.NOT_LOCAL:
            raise
        return [listen_on(hosts[0], options.port, backlog)]


def _listen_on_both(
    ipv4_host: str, ipv6_host: str, options: ServerOptions, backlog: int | None
) -> list[TracedSocket]:
    for attempt in range(_FREE_PORT_ATTEMPTS):
        ipv4 = listen_on(ipv4_host, options.port, backlog)
        try:
            return [ipv4, listen_on(ipv6_host, ipv4.getsockname()[1], backlog)]
        except ListenError as error:
            ipv4.close()
            # Any port was asked for, and this one is free for IPv4 alone: take another.
            is_last = options.port != 0 or attempt == _FREE_PORT_ATTEMPTS - 1
            if is_last or error.fault is ListenFault.NOT_LOCAL:
                raise
    raise AssertionError("the last attempt returned or raised")


def listen_on(host: str, port: int, backlog: int | None) -> TracedSocket:
    """Return a socket that listens on one numeric address; port 0 means any free one.

    Without a backlog, one that takes datagrams.

    Its `accept` does not block. Raises ListenError: never another address or port instead.
    """
    endpoint = Endpoint(host, port)
    if not 0 <= port <= HIGHEST_PORT:  # getaddrinfo would take it modulo 65,536
        raise ListenError(ListenFault.BAD_PORT, endpoint)
    if lacks_zone(host):
        raise ListenError(ListenFault.NO_ZONE, endpoint)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host,
            port,
            type=socket.SOCK_DGRAM if backlog is None else socket.SOCK_STREAM,
            flags=socket.AI_NUMERICHOST,
        )[0]
        listening = TracedSocket(family, kind, protocol)
    except (OSError, UnicodeError) as error:  # UnicodeError: no host name could look like this
        raise listen_error(error, endpoint) from error
    try:
        _bind_alone(listening, address)
        if backlog is not None:
            listening.listen(backlog)
        listening.setblocking(False)  # a client that vanished between ready and accept
    except OSError as error:
        listening.close()
        raise listen_error(error, endpoint) from error
    return listening


def places_in(backlog: int) -> int:
    """Return how many clients may wait where `listen` was told so.

    Linux takes one more: the queue is full when it is longer than the backlog.
    """
    return backlog + 1 if sys.platform == "linux" else backlog


def waiting_clients(listening: socket.socket) -> int | None:
    """Return how many clients wait in the backlog to be accepted; None where no system call tells.

    Linux: of a listening socket, tcpi_unacked is the length of its accept queue (tcp(7), TCP_INFO;
    `ss -l` shows the same as Recv-Q). Any thread.
    """
    if sys.platform != "linux":
        return None
    try:
        info = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _UNACKED_AT + 4)
    except OSError:  # closed meanwhile
        return None
    length: int = struct.unpack_from("I", info, _UNACKED_AT)[0]
    return length


def _bind_alone(listening: TracedSocket, address: tuple[Any, ...]) -> None:
    """Take the port again soon after a close, but never beside another program. Raises OSError."""
    if listening.family == socket.AF_INET6:  # "::" is all IPv6; IPv4 has a socket of its own
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if listening.type == socket.SOCK_DGRAM and sys.platform != "win32":
        listening.bind(address)  # SO_REUSEADDR would let others in
        return
    # Clients inherit it: an urgent byte (telnet's Ctrl+C) stays at its place among the others.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
    if sys.platform == "win32":  # SO_REUSEADDR would let others steal the port there
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        listening.bind(address)
        return
    is_bound = LETS_BESIDE and _bind_where_nobody_is(listening, address)
    # Without it, connections in TIME_WAIT hold the port for a minute; clients inherit it, too.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if not is_bound:
        listening.bind(address)


def _bind_where_nobody_is(listening: TracedSocket, address: tuple[Any, ...]) -> bool:
    """Take the address if nothing at all is there; return False if nobody listens. Raises OSError.

    Nobody listens, but something is there: what an earlier run left behind.
    """
    try:
        listening.bind(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE or _somebody_listens(listening.family, address[1]):
            raise
        return False
    return True


def _somebody_listens(family: int, port: int) -> bool:
    """Return whether a server answers at this port, at any address of this machine."""
    for address in local_addresses():
        if _FAMILIES[address.family] == family:
            with socket.socket(family) as probe:
                probe.settimeout(PROBE_S)
                if probe.connect_ex((address.host, port)) == 0:
                    return True
    return False


def listen_error(error: OSError | UnicodeError, endpoint: Endpoint) -> ListenError:
    """Return why a port could not be opened, and who is in the way."""
    if isinstance(error, UnicodeError):
        return ListenError(ListenFault.BAD_HOST, endpoint)
    text = error.strerror or str(error)
    return ListenError(listen_fault(error), endpoint, system_text=text)
