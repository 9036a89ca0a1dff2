"""Where a forward or a datagram goes: HOST:PORT, as people write it."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

from app.net.facts import Endpoint


class BadTarget(ValueError):
    """This says no host and port."""


def read_target(text: str) -> Endpoint:
    """Read `10.0.0.5:502`, `plc.example:502`, `[::1]:502`. Raises BadTarget."""
    host, colon, port = text.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:  # an IPv6 address without brackets: where does it end?
        raise BadTarget(text)
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) <= 65_535):
        raise BadTarget(text)
    return Endpoint(host, int(port))


def read_address(text: str) -> Endpoint:
    """Read `10.0.0.5:9000`, `[fe80::1%eth0]:9000`, `localhost:9000`. Raises BadTarget for names.

    A Chinese keyboard's colon and stop are taken for the ones that are meant.
    """
    where = read_target(text.translate(_MEANT))
    if where.host == "localhost":
        return Endpoint("127.0.0.1", where.port)
    with suppress(ValueError):
        ipaddress.ip_address(where.host.partition("%")[0])
        return where
    raise BadTarget(text)


_MEANT = str.maketrans("：。", ":.")
