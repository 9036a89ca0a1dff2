"""Who talked to whom, as far as a journal tells, and what stands for what it does not."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple

from app.evidence.packets import Party
from app.evidence.source import Source
from app.journal.entry import ClientRecord, Kind
from app.wording import tr

# Documentation addresses (RFC 5737, RFC 3849), where the journal does not know the true one.
_NOWHERE = {4: "192.0.2.1", 6: "2001:db8::1"}
_SOMEBODY = IPv4Address("198.51.100.0")
_NO_PORT = 9  # "discard"


class Parties(NamedTuple):
    """The two ends of a client's traffic."""

    client: Party
    server: Party
    guesses: list[str]  # sentences: what is not in the journal


def parties_of(source: Source, client_id: int, entry_id: int) -> Parties:
    """Return the ends of a client's traffic, as they were at an entry."""
    record = source.client(client_id)
    guesses = []
    host = _host(record.host) if record else None
    if host is None:
        host = _SOMEBODY + (client_id & 0xFF)
        guesses.append(tr("evidence.pcapng_no_client", host=host))
    client = Party(host, (record.port if record else 0) or _NO_PORT)
    server = _noted(record, client) or _opened(source, client, entry_id)
    if server is None:
        server = Party(ip_address(_NOWHERE[host.version]), _NO_PORT)
    if str(server.host) == _NOWHERE[host.version]:
        guesses.append(tr("evidence.pcapng_no_server", host=server.host))
    return Parties(client, server, guesses)


def _noted(record: ClientRecord | None, client: Party) -> Party | None:
    """Return this machine's side as the client's record has it."""
    host = _host(record.local_host) if record else None
    if record is None or host is None or host.version != client.host.version:
        return None
    return Party(host, record.local_port or _NO_PORT)


def _opened(source: Source, client: Party, entry_id: int) -> Party | None:
    """Return the address that a client dialled, as far as the port's opening before tells."""
    opened = source.before(0, Kind.SERVER_OPENED, entry_id)
    endpoints = opened.detail.get("endpoints") if opened else None
    unknown = ip_address(_NOWHERE[client.host.version])
    found = None
    for pair in endpoints if isinstance(endpoints, list) else ():
        party = _party(pair)
        if party is None:
            continue
        if party.host.version == client.host.version and not party.host.is_unspecified:
            return party
        # Any address of this machine: of a loopback client it is known which.
        found = Party(client.host if client.host.is_loopback else unknown, party.port)
    return found


def _party(pair: Any) -> Party | None:
    match pair:
        case [str(text), int(port)] if 0 < port <= 0xFFFF and (host := _host(text)) is not None:
            return Party(host, port)
    return None


def _host(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address without its zone, IPv4 where it is one in IPv6's clothes."""
    try:
        host = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(host, "ipv4_mapped", None) or host
