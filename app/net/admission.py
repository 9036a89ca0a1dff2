"""Who may come in, and who must go again: rules about addresses, not about what is said.

Off unless asked for. Refusals are counted, all of them; the journal gets a row for the first and
one for each second of a storm, not a row each.
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

    def __init__(self, options: ServerOptions) -> None:
        """Raises BadAddress."""
        self.refused = 0  # in all; for anybody
        self._options = options
        self._networks = read_networks(options.allowed)
        self._inside: Counter[str] = Counter()  # clients by address; kept if it matters
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
        options = self._options
        if self._networks and not self._is_allowed(endpoint.host):
            return "not_allowed"
        if (
            options.clients_per_address
            and self._inside[endpoint.host] >= options.clients_per_address
        ):
            return "address_full"
        return "too_fast" if options.connections_per_s and self._is_too_fast() else ""

    def count(self, endpoint: Endpoint, change: int) -> None:
        """Count one that came in, 1, or left, -1. Any thread."""
        if self._options.clients_per_address:
            with self._lock:
                self._inside[endpoint.host] += change
                if not self._inside[endpoint.host]:
                    del self._inside[endpoint.host]

    def note(self) -> int:
        """Count a refusal; return how many a row is due for, 0 for none."""
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

    def _is_allowed(self, host: str) -> bool:
        address = ipaddress.ip_address(host.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        return any(address in network for network in self._networks)

    def _is_too_fast(self) -> bool:
        now_s = time.monotonic()
        if now_s >= self._second + 1.0:
            self._second, self._this_second = now_s, 0
        self._this_second += 1
        return self._this_second > self._options.connections_per_s
