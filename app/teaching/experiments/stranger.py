"""Somebody between a client and a server: every byte passes through the stranger's hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.teaching.experiments.bench import connected

if TYPE_CHECKING:
    from app.teaching.experiments.bench import Bench, Peer
    from app.teaching.experiments.lab import Lab

Change = Callable[[bytes], bytes]


class Stranger:
    """Client → stranger → server. Neither end notices."""

    def __init__(self, lab: Lab, bench: Bench) -> None:
        """Connect the client to the stranger, and the stranger to the server. Raises OSError."""
        self.client, self.near = connected(lab, "stranger")
        self.far, self.session = bench.join(self.near.socket.who)
        self.heard: list[bytes] = []  # of both directions
        self._bench = bench

    @property
    def overhearing(self) -> tuple[int, ...]:
        """The stranger's newest recv."""
        return self.near.did("recv")

    @property
    def arriving(self) -> tuple[int, ...]:
        """The server's newest recv."""
        return self._bench.lab.did(self.session.client_id, "recv")

    def carry(self, letter: bytes, change: Change = lambda letter: letter) -> bytes:
        """Send a letter from the client to the server; return what the stranger has read.

        `change` makes of that what is passed on.
        """
        self.client.send(letter)
        self.heard.append(read := _whole(self.near, len(letter)))
        self.far.send(change(read))
        return read

    def carry_back(self) -> bytes:
        """Wait for something from the server, and carry it to the client, who returns it."""
        self.heard.append(news := self.far.recv())
        self.near.send(news)
        return _whole(self.client, len(news))

    def deliver(
        self, letter: bytes, size_bytes: int, change: Change = lambda letter: letter
    ) -> tuple[bytes, bytes]:
        """Carry a letter; wait until the server has received `size_bytes` more.

        Returns what the stranger has read, and those bytes.
        """
        before = self.session.bytes_in
        read = self.carry(letter, change)
        self._bench.wait_received(self.session, before + size_bytes)
        return read, b"".join(self._bench.chunks(self.session))[before:]


def _whole(peer: Peer, size_bytes: int) -> bytes:
    read = b""
    while len(read) < size_bytes:
        read += peer.recv()
    return read
