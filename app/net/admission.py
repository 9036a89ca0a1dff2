"""Who may come in, and who must go again: rules about addresses, not about what is said.

Off unless asked for. Refusals are counted, all of them; the journal gets a row for the first and
one for each second of a storm, not a row each.

Behind a proxy there are two addresses. A PROXY header is only a claim, and whoever reaches the
port can write one: so the list of allowed addresses looks at the proxy first, when it connects,
and then at whom it speaks for. A proxy on this machine itself (frp, nginx and HAProxy mostly are)
need not be on the list. All clients of a proxy have its address in common, which says nothing of
them: the limit for each address looks at the header's alone. Who is refused by then was online
for a moment, and its row in the table says why it was closed.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.net.facts import CloseReason, Endpoint, ServerOptions
from app.networks import read_networks

if TYPE_CHECKING:
    from app.net.session import Session

LOOK_S = 1.0  # between two looks for those who are silent, and between two rows of a storm
SECOND_NS = 1_000_000_000


class Admission:
    """The door-keeper of one server. Listener thread, where nothing else is said."""

    refused = 0  # in all; for anybody

    def __init__(self, options: ServerOptions) -> None:
        """Raises BadAddress."""
        self._options = options
        self._networks = read_networks(options.allowed)
        self._inside: Counter[str] = Counter()  # clients by address; kept if it matters
        self._counted: dict[int, str] = {}  # … and the address of each
        self._lock = threading.Lock()
        self._second = 0.0
        self._this_second = 0
        self._untold = 0
        self._told_s = self._looked_s = float("-inf")

    @property
    def patience_s(self) -> float | None:
        """How long the listener may wait for clients before `look_around` is due."""
        options = self._options
        return (
            LOOK_S if self._untold or options.idle_limit_s or options.first_byte_limit_s else None
        )

    def why_not(self, endpoint: Endpoint) -> str:
        """Return why this one may not come in: not_allowed, address_full, too_fast; or ""."""
        is_proxy = self._options.proxy_protocol
        if not self._is_allowed(endpoint.host, is_proxy=is_proxy):
            return "not_allowed"
        if not is_proxy and self._is_full(endpoint.host):
            return "address_full"
        return "too_fast" if self._options.connections_per_s and self._is_too_fast() else ""

    def enter_behind(self, client_id: int, endpoint: Endpoint) -> CloseReason | None:
        """A proxy speaks for this one: count it there, or return why it must go. Any thread."""
        with self._lock:
            reason = None
            if not self._is_allowed(endpoint.host):
                reason = CloseReason.NOT_ALLOWED
            elif self._is_full(endpoint.host):
                reason = CloseReason.ADDRESS_FULL
            else:
                self._move(client_id, endpoint.host)
            self.refused += reason is not None
        return reason

    def enter(self, client_id: int, endpoint: Endpoint) -> None:
        """Count one that came in. Any thread."""
        with self._lock:
            self._move(client_id, endpoint.host)

    def leave(self, client_id: int) -> None:
        """Count it no more. Any thread."""
        with self._lock:
            self._move(client_id, "")

    def _move(self, client_id: int, host: str) -> None:
        if not self._options.clients_per_address:
            return
        if before := self._counted.pop(client_id, ""):
            self._inside[before] -= 1
            if not self._inside[before]:
                del self._inside[before]
        if host:
            self._counted[client_id] = host
            self._inside[host] += 1

    def _is_full(self, host: str) -> bool:
        limit = self._options.clients_per_address
        return bool(limit) and self._inside[host] >= limit

    def note(self) -> int:
        """Count a refusal; return how many a row is due for, 0 for none."""
        with self._lock:
            self.refused += 1
        self._untold += 1
        return self.untold()

    def untold(self, *, closing: bool = False) -> int:
        """Return how many refusals a row is due for, now or because it is the last chance."""
        now_s = time.monotonic()
        if not self._untold or (not closing and now_s < self._told_s + LOOK_S):
            return 0
        self._told_s = now_s
        due, self._untold = self._untold, 0
        return due

    def is_look_due(self) -> bool:
        """Whether somebody may be silent for too long: asked at each accept, true once a LOOK_S."""
        if not (self._options.idle_limit_s or self._options.first_byte_limit_s):
            return False
        now_s = time.monotonic()
        if now_s < self._looked_s + LOOK_S:
            return False
        self._looked_s = now_s
        return True

    def overdue(self, sessions: Iterable[Session]) -> list[tuple[Session, CloseReason]]:
        """Return those that were silent for too long, with the reason."""
        options = self._options
        found: list[tuple[Session, CloseReason]] = []
        now_ns = time.monotonic_ns()
        for session in sessions:
            unheard_ns = now_ns - session.heard_mono_ns
            idle_ns = now_ns - session.last_active_mono_ns
            never_spoke = bool(options.first_byte_limit_s) and not session.bytes_in
            if never_spoke and unheard_ns >= options.first_byte_limit_s * SECOND_NS:
                found.append((session, CloseReason.NEVER_SPOKE))
            elif options.idle_limit_s and idle_ns >= options.idle_limit_s * SECOND_NS:
                found.append((session, CloseReason.IDLE))
        return found

    def _is_allowed(self, host: str, *, is_proxy: bool = False) -> bool:
        if not self._networks:
            return True
        address = ipaddress.ip_address(host.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        return (is_proxy and address.is_loopback) or any(
            address in network for network in self._networks
        )

    def _is_too_fast(self) -> bool:
        now_s = time.monotonic()
        if now_s >= self._second + 1.0:
            self._second, self._this_second = now_s, 0
        self._this_second += 1
        return self._this_second > self._options.connections_per_s
