"""Somebody in the middle reads an encoded message without any key."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench, connected
from app.teaching.experiments.facts import Result, Row, yes_or_no
from app.teaching.experiments.samples import SECRET

if TYPE_CHECKING:
    from app.net.session import Session
    from app.teaching.experiments.lab import Lab

STEPS = ("between", "sent", "overheard", "base64", "encrypted", "decrypted")


def run(lab: Lab) -> Result:
    """Send a secret through a stranger: encoded twice, then encrypted."""
    post = Post(lab)
    lab.step("between")
    encoded = SECRET.encode("gbk")
    lab.step("sent", text=SECRET, data=encoded)
    read = post.carry(encoded).decode("gbk")
    lab.step("overheard", post.overhearing, text=read)
    disguised = base64.b64encode(encoded)
    undisguised = base64.b64decode(post.carry(disguised)).decode("gbk")
    lab.step("base64", post.overhearing, data=disguised, text=undisguised)
    key = secrets.token_bytes(len(encoded))  # as long as the message, and used once
    overheard = post.carry(_mixed(encoded, key))
    garbled = overheard.decode("gbk", "replace")
    lab.step("encrypted", post.overhearing, data=overheard, text=garbled)
    decrypted = _mixed(post.arrived[-1], key).decode("gbk")
    lab.step("decrypted", post.arriving, text=decrypted)
    return Result(
        (
            Row("overheard", SECRET, read),
            Row("base64", SECRET, undisguised),
            Row("hidden", yes_or_no(True), yes_or_no(SECRET not in garbled)),
            Row("decrypted", SECRET, decrypted),
        )
    )


class Post:
    """Client → stranger → server: every byte passes through the stranger's hands."""

    def __init__(self, lab: Lab) -> None:
        self.arrived: list[bytes] = []  # at the server
        self._bench = Bench(lab)
        self._client, self._near = connected(lab, "stranger")
        self._session: Session
        self._far, self._session = self._bench.join(self._near.socket.who)

    @property
    def overhearing(self) -> tuple[int, ...]:
        """The stranger's newest recv."""
        return self._near.did("recv")

    @property
    def arriving(self) -> tuple[int, ...]:
        """The server's newest recv."""
        return self._bench.lab.did(self._session.client_id, "recv")

    def carry(self, letter: bytes) -> bytes:
        """Send a letter all the way; return what the stranger has read."""
        self._client.send(letter)
        read = b""
        while len(read) < len(letter):
            read += self._near.recv()
        before = self._session.bytes_in
        self._far.send(read)
        self._bench.wait_received(self._session, before + len(read))
        self.arrived.append(b"".join(self._bench.chunks(self._session))[before:])
        return read


def _mixed(data: bytes, key: bytes) -> bytes:
    """Exclusive or: with a random key as long as the data, used once, nobody can break it."""
    return bytes(one ^ other for one, other in zip(data, key, strict=True))
