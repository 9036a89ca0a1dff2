"""Whether a client that has said its last word still listens.

`recv` returned b"": the client has ended its own direction. It may have closed altogether, or have
said its question and be waiting for the answer (`printf … | nc -N`). On the wire both look the
same. But where the client is on this machine, the system knows whether a program still holds it.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys

# Linux: sock_diag(7), one socket by its two addresses.
_HEADER = struct.Struct("=IHHII")  # nlmsghdr
_REQUEST = struct.Struct("=BBBxI")  # inet_diag_req_v2, without the addresses
_PORTS = struct.Struct("!HH")
_TAIL = struct.Struct("=III")  # interface: any; cookie: none
_SOCK_DIAG = 4  # of linux/netlink.h
_BY_FAMILY, _IS_REQUEST, _ALL_STATES, _ANY_COOKIE = 20, 1, 0xFFFFFFFF, 0xFFFFFFFF
_INODE_AT = _HEADER.size + 4 + 48 + 16  # u32, in inet_diag_msg; 0: no program holds it


def has_left(client: socket.socket) -> bool:
    """Return whether nobody at the other end can be listening; False where that is not known.

    Raises OSError: the connection has broken meanwhile.
    """
    if error := client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, "the client is no longer there")
    if sys.platform != "linux":
        return False
    here, there = client.getsockname(), client.getpeername()
    if here[0] != there[0] and not there[0].startswith("127."):
        return False  # another machine, or another namespace: not ours to know
    with contextlib.suppress(OSError):  # some sandboxes have no such socket
        return not _is_held(client.family, there, here)
    return False


def _is_held(family: int, own: tuple[str, int], other: tuple[str, int]) -> bool:
    """Return whether a program of this machine holds the socket with these two ends."""
    addresses = b"".join(socket.inet_pton(family, end[0]).ljust(16, b"\0") for end in (own, other))
    body = (
        _REQUEST.pack(family, socket.IPPROTO_TCP, 0, _ALL_STATES)
        + _PORTS.pack(own[1], other[1])
        + addresses
        + _TAIL.pack(0, _ANY_COOKIE, _ANY_COOKIE)
    )
    header = _HEADER.pack(_HEADER.size + len(body), _BY_FAMILY, _IS_REQUEST, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as diag:
        diag.settimeout(1)
        diag.send(header + body)
        answer = diag.recv(1024)
    if len(answer) < _INODE_AT + 4 or _HEADER.unpack_from(answer)[1] != _BY_FAMILY:
        return False  # an error: there is no such socket any more
    inode: int = struct.unpack_from("=I", answer, _INODE_AT)[0]
    return inode != 0
