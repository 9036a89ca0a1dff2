"""Joining a multicast group."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from collections.abc import Iterable


def join(sockets: Iterable[socket.socket], group: str) -> None:
    """Have what is sent to `group` come here, too: `239.1.2.3`, `ff02::1%eth0`, `239.1.2.3%eth0`.

    Raises ValueError: it is no such address, or there is no socket of its family; OSError.
    """
    host, _, interface = group.partition("%")
    address = ipaddress.ip_address(host)
    if not address.is_multicast:
        raise ValueError("not a multicast address")
    index = _index_of(interface)
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    own = next((own for own in sockets if own.family == family), None)
    if own is None:
        raise ValueError(f"the port is not open for IPv{address.version}")
    if address.version == 6:
        own.setsockopt(
            socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, address.packed + struct.pack("@I", index)
        )
    elif sys.platform == "win32":  # the interface's number in the place of its address
        own.setsockopt(
            socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, address.packed + struct.pack("!I", index)
        )
    else:  # struct ip_mreqn
        own.setsockopt(
            socket.IPPROTO_IP,
            socket.IP_ADD_MEMBERSHIP,
            address.packed + struct.pack("@II", 0, index),
        )


def _index_of(interface: str) -> int:
    """Return an interface's number; 0, any, for "". Raises OSError."""
    if not interface:
        return 0
    return int(interface) if interface.isdigit() else socket.if_nametoindex(interface)
