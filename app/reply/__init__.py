"""The reply room: what a client is answered without anybody typing.

A reply is a callable: the client's encoding and the chunk it sent, to the bytes of the answer.
Workers call it, many at once. It may raise text's EncodeFault; the server then reports that.
"""

from __future__ import annotations

from typing import Protocol

from app.settings import Settings
from app.text.decoder import encode


class Reply(Protocol):
    """What the server calls for each chunk it received. Thread: any worker."""

    def __call__(self, session_encoding: str, chunk: bytes, /) -> bytes:
        """Return the answer's bytes; b"" for none. Raises EncodeFault."""


class FixedReply:
    """Always the same text, in the encoding of the client that is answered."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._encoded: dict[str, bytes] = {}

    def __call__(self, session_encoding: str, chunk: bytes, /) -> bytes:
        """Return the text's bytes. Raises EncodeFault if the encoding lacks a character."""
        answer = self._encoded.get(session_encoding)
        if answer is None:
            answer = self._encoded[session_encoding] = encode(self.text, session_encoding)
        return answer


class EchoReply:
    """The chunk itself, byte for byte."""

    def __call__(self, session_encoding: str, chunk: bytes, /) -> bytes:
        """Return what came."""
        return chunk


def reply_for(settings: Settings) -> Reply | None:
    """Return the automatic reply that the settings ask for; None if it is off."""
    if settings.reply_mode == "text":
        return FixedReply(settings.reply_text)
    return EchoReply() if settings.reply_mode == "echo" else None
