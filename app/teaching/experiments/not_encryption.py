"""Somebody in the middle reads an encoded message without any key."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench
from app.teaching.experiments.facts import Result, Row, yes_or_no
from app.teaching.experiments.samples import SECRET
from app.teaching.experiments.stranger import Stranger

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("between", "sent", "overheard", "base64", "encrypted", "decrypted")


def run(lab: Lab) -> Result:
    """Send a secret through a stranger: encoded twice, then encrypted."""
    stranger = Stranger(lab, Bench(lab))
    lab.step("between")
    encoded = SECRET.encode("gbk")
    lab.step("sent", text=SECRET, data=encoded)
    read = _sent(stranger, encoded)[0].decode("gbk")
    lab.step("overheard", stranger.overhearing, text=read)
    disguised = base64.b64encode(encoded)
    undisguised = base64.b64decode(_sent(stranger, disguised)[0]).decode("gbk")
    lab.step("base64", stranger.overhearing, data=disguised, text=undisguised)
    key = secrets.token_bytes(len(encoded))  # as long as the message, and used once
    overheard, arrived = _sent(stranger, _mixed(encoded, key))
    garbled = overheard.decode("gbk", "replace")
    lab.step("encrypted", stranger.overhearing, data=overheard, text=garbled)
    decrypted = _mixed(arrived, key).decode("gbk")
    lab.step("decrypted", stranger.arriving, text=decrypted)
    return Result(
        (
            Row("overheard", SECRET, read),
            Row("base64", SECRET, undisguised),
            Row("hidden", yes_or_no(True), yes_or_no(SECRET not in garbled)),
            Row("decrypted", SECRET, decrypted),
        )
    )


def _sent(stranger: Stranger, letter: bytes) -> tuple[bytes, bytes]:
    return stranger.deliver(letter, len(letter))


def _mixed(data: bytes, key: bytes) -> bytes:
    """Exclusive or: with a random key as long as the data, used once, nobody can break it."""
    return bytes(one ^ other for one, other in zip(data, key, strict=True))
