"""Where a forward goes: HOST:PORT, as people write it."""

from __future__ import annotations

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
