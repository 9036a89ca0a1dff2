"""Addresses and networks, as a user lists them."""

from __future__ import annotations

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadAddress(ValueError):
    """A text among the allowed ones that is no address and no network."""


def read_networks(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks in `text`, separated by commas or white space.

    Raises BadAddress with the first that is none.
    """
    found: list[Network] = []
    for word in text.replace(",", " ").replace("，", " ").split():
        try:
            found.append(ipaddress.ip_network(word, strict=False))
        except ValueError as error:
            raise BadAddress(word) from error
    return tuple(found)
