"""This machine's addresses: what a server can listen on and a client can dial."""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple


class LocalAddress(NamedTuple):
    """One address of one interface."""

    interface: str
    host: str  # a link-local IPv6 address carries its interface: fe80::1%eth0
    is_loopback: bool
    family: int  # 4 or 6


def local_addresses() -> list[LocalAddress]:
    """Return every IPv4 and IPv6 address: loopback first, link-local IPv6 last."""
    import psutil  # when the list is asked for: not needed to show a window

    families = {socket.AF_INET: 4, socket.AF_INET6: 6}
    found = [
        LocalAddress(
            interface,
            address.address,
            ipaddress.ip_address(address.address).is_loopback,
            families[address.family],
        )
        for interface, addresses in psutil.net_if_addrs().items()
        for address in addresses
        if address.family in families
    ]
    return sorted(found, key=_order)


def _order(address: LocalAddress) -> tuple[bool, int, bool, str]:
    link_local = ipaddress.ip_address(address.host).is_link_local
    return not address.is_loopback, address.family, link_local, address.interface
