"""The reply room: what a client is answered without anybody typing.

A reply is a callable: the client's encoding and the chunk it sent, to the bytes of the answer.
Workers call it, many at once. It may raise text's EncodeFault; the server then reports that.
"""

from __future__ import annotations

from dataclasses import replace

from app.settings import Settings
from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.text.decoder import EncodeFault

PLAIN = ComposeOptions(encoding="")


class FixedReply:
    """Always the same, typed as in the composer; text in the encoding of who is answered."""

    def __init__(self, text: str, options: ComposeOptions = PLAIN) -> None:
        """The encoding among `options` does not matter. What cannot be read is no reply."""
        self._text = text
        self._options = options
        self._encoded: dict[str, bytes] = {}

    def __call__(self, session_encoding: str, chunk: bytes, /) -> bytes:
        """Return the answer. Raises EncodeFault if the encoding lacks a character."""
        answer = self._encoded.get(session_encoding)
        if answer is None:
            answer = self._encoded[session_encoding] = self._compose(session_encoding)
        return answer

    def _compose(self, encoding: str) -> bytes:
        try:
            return compose(self._text, replace(self._options, encoding=encoding))
        except ComposeFault as fault:
            if fault.kind == "unencodable":
                raise EncodeFault(fault.position, fault.fragment, fault.encoding) from fault
            return b""  # the settings column and the command line have said so


class EchoReply:
    """The chunk itself, byte for byte."""

    def __call__(self, session_encoding: str, chunk: bytes, /) -> bytes:
        """Return what came."""
        return chunk


def reply_draft(settings: Settings) -> tuple[str, ComposeOptions]:
    """Return what the fixed reply is made of, in the encoding of new clients."""
    if settings.reply_mode == "hex":
        return settings.reply_hex, ComposeOptions(settings.encoding, "hex")
    ending = LineEnding(settings.reply_line_ending)
    options = ComposeOptions(settings.encoding, "text", settings.reply_escapes, ending)
    return settings.reply_text, options


def reply_for(settings: Settings) -> FixedReply | EchoReply | None:
    """Return the automatic reply that the settings ask for; None if it is off."""
    if settings.reply_mode == "echo":
        return EchoReply()
    return None if settings.reply_mode == "off" else FixedReply(*reply_draft(settings))
