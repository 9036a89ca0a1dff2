"""This machine's addresses: what a server can listen on, and where a client dials it."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from app.net.facts import NOWHERE, Endpoint

WILDCARDS = {"0.0.0.0": 4, "::": 6}  # host -> the family of all the addresses it stands for
EVERYWHERE = "*"  # all IPv4 and all IPv6 addresses
_FAMILIES = {socket.AF_INET: 4, socket.AF_INET6: 6}
# Of documentation (RFC 5737, 3849): in no network, so the default route is taken.
_FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


class LocalAddress(NamedTuple):
    """One address of one interface."""

    interface: str
    host: str  # a link-local IPv6 address carries its interface: fe80::1%eth0
    is_loopback: bool
    family: int  # 4 or 6


def local_addresses() -> list[LocalAddress]:
    """Return every IPv4 and IPv6 address, the likeliest to be dialled first.

    That is: those of the interface through which this machine reaches others; IPv4 before IPv6;
    link-local IPv6, which needs its interface's name, after that; loopback last.
    """
    import psutil  # when the list is asked for: not needed to show a window

    found = [
        LocalAddress(
            interface,
            address.address,
            is_loopback(address.address),
            _FAMILIES[address.family],
        )
        for interface, addresses in psutil.net_if_addrs().items()
        for address in addresses
        if address.family in _FAMILIES
    ]
    outward = _outward_hosts()
    main = {address.interface for address in found if address.host in outward}

    def order(address: LocalAddress) -> tuple[bool, bool, bool, bool, int, str]:
        return (
            address.is_loopback,
            _is_link_local(address.host),
            address.interface not in main,
            address.host not in outward,
            address.family,
            address.interface,
        )

    return sorted(found, key=order)


def hosts_of(host: str) -> tuple[str, ...]:
    """Return the addresses that `host` of the settings stands for: itself, or one a family.

    The name "localhost" is two addresses (RFC 6761); no other name is known here.
    """
    if host == EVERYWHERE:
        return "0.0.0.0", "::"
    is_localhost = host.lower().removesuffix(".") == "localhost"
    return ("127.0.0.1", "::1") if is_localhost else (host,)


def dial_endpoints(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Return where clients can dial a port: a wildcard address becomes every real one.

    In the order of `local_addresses`.
    """
    found: list[Endpoint] = []
    everywhere: dict[int, int] = {}  # family -> port
    for endpoint in endpoints:
        if endpoint.host in WILDCARDS:
            everywhere[WILDCARDS[endpoint.host]] = endpoint.port
        else:
            found.append(endpoint)
    if everywhere:
        found += [
            Endpoint(address.host, everywhere[address.family])
            for address in local_addresses()
            if address.family in everywhere
        ]
    return found


def misses_localhost(endpoints: Iterable[Endpoint]) -> bool:
    """Return whether a client on this machine that dials "localhost" may find nobody at ::1.

    Most try ::1 first, and some try nothing else.
    """
    hosts = {endpoint.host for endpoint in endpoints}
    return bool(hosts & {"0.0.0.0", "127.0.0.1"}) and not hosts & {"::", "::1"}


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches `host`; False for what is no address."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def is_only_here(host: str) -> bool:
    """Return whether an address leads nowhere from another machine, or needs an interface's name.

    False for what is no address.
    """
    return is_loopback(host) or _is_link_local(host)


def endpoint_of(address: tuple[Any, ...]) -> Endpoint:
    """Return what the system's socket address tells; a link-local host keeps its zone.

    fe80::1%eth0, or fe80::1%12 on Windows: without it, the address cannot be dialled, and two
    clients on two interfaces look alike.
    """
    host, port, *rest = address
    zone = rest[1] if len(rest) > 1 else 0
    if zone and "%" not in host:
        name = str(zone)
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # the interface has gone
                name = socket.if_indextoname(zone)
        host = f"{host}%{name}"
    return Endpoint(host, port)


def own_end(connected: socket.socket) -> Endpoint:
    """Return this machine's side; nowhere, if the system does not tell once the peer has gone."""
    with contextlib.suppress(OSError):
        return endpoint_of(connected.getsockname())
    return NOWHERE


def lacks_zone(host: str) -> bool:
    """Return whether `host` is a link-local IPv6 address that does not say on which interface."""
    return _is_link_local(host) and ":" in host and "%" not in host


def _is_link_local(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_link_local
    return False


def _outward_hosts() -> set[str]:
    """The addresses by which this machine reaches others: nothing is sent to find that out."""
    found = set()
    for family, far_away in _FAR_AWAY:
        # No such family, or no way out: then no interface is better than another.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far_away, 9))
            found.add(endpoint_of(probe.getsockname()).host)
    return found
