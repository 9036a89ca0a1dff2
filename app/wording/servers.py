"""What a server is called: its kind, its port, and the name that the user gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wording.catalogue import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.net.facts import AddressError, Endpoint
    from app.settings import ServerProfile


def kind_label(kind: str) -> str:
    """Return `TCP` for "tcp"; a kind that is not ours, as an old journal may have, as it is."""
    return tr(f"servers.kind_{kind}") if kind in ("tcp", "tls", "udp", "forward") else kind


def server_label(profile: ServerProfile, endpoints: Sequence[Endpoint] = ()) -> str:
    """Return `TCP 8080`; with the port it really has, where it is open."""
    port = endpoints[0].port if endpoints else profile.port
    return f"{kind_label(profile.kind)} {port or ''}".strip()  # 0: not known before it is open


def server_text(kind: str, port: int, name: str) -> str:
    """Return a client's server as its row names it; "" where nobody noted the port."""
    return f"{kind_label(kind)} {port} {name}".strip() if port else name


def server_title(profile: ServerProfile, endpoints: Sequence[Endpoint] = ()) -> str:
    """Return the server's label, and its name behind it."""
    return f"{server_label(profile, endpoints)} {profile.name}".strip()


def address_fault_sentence(error: AddressError) -> str:
    """Say why no datagram can be sent to an address, and what to do."""
    reason = without_stop(error.system_text)
    return tr(f"errors.address_{error.fault}", where=error.endpoint, reason=reason)
