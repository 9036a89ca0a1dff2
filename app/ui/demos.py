"""The demo clients that this window started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.net.facts import Endpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.teaching.demo_client import DemoClient


class Demos:
    """Starts demo clients to our own port and stops them. GUI thread."""

    def __init__(self) -> None:
        self._clients: list[DemoClient] = []

    def start(self, endpoints: Sequence[Endpoint]) -> None:
        """One more client to the first of `endpoints`; OSError if it is not reached."""
        from app.teaching.demo_client import DemoClient

        endpoint = reachable(endpoints[0])
        client = DemoClient(endpoint)
        client.start()
        self._clients.append(client)

    @property
    def count(self) -> int:
        """How many were started and not stopped."""
        return len(self._clients)

    def stop(self) -> None:
        """All leave politely."""
        for client in self._clients:
            client.stop()
        self._clients.clear()


def reachable(endpoint: Endpoint) -> Endpoint:
    """The loopback address where `endpoint` listens on all addresses."""
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    return Endpoint(loopback.get(endpoint.host, endpoint.host), endpoint.port)
