"""The demo clients that this window started."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.net.facts import Endpoint
    from app.net.session import Session
    from app.teaching.demo_client import DemoClient


class Demos:
    """Starts demo clients to our own port, marks their sessions, and stops them. GUI thread."""

    def __init__(self) -> None:
        self._clients: dict[Endpoint, DemoClient] = {}

    def start(self, endpoints: Sequence[Endpoint]) -> None:
        """One more client to the first of `endpoints`; raises OSError if there is no socket."""
        from app.teaching.demo_client import DemoClient

        client = DemoClient(endpoints[0])
        # Known before the server sees it, so its session is marked when it is first shown.
        self._clients[client.endpoint] = client
        client.start()

    def mark(self, sessions: Iterable[Session]) -> None:
        """Mark those sessions that are our own."""
        for session in sessions:
            session.is_demo = session.endpoint in self._clients

    @property
    def count(self) -> int:
        """How many talk now."""
        return sum(client.is_running for client in self._clients.values())

    def stop(self) -> None:
        """All leave politely."""
        for client in self._clients.values():
            client.stop()
        for client in self._clients.values():
            client.join(1.0)
        self._clients.clear()
