"""The reply room: what a client is answered without anybody typing.

Each is a `Reply` of `app.net.answers`: it opens a replier for every client, which is fed chunks and
returns answers. Here are the two that need no state; workers call them, many at once.

========== =====================================================================
rules      rules as data, read and written as JSON
conditions what a rule looks for
templates  the answer's language: captures, time, counter, checksum
compiled   one rule, checked and ready for work
book       rules at work, with a state for each client
========== =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.net.answers import Answered, Replier, Reply
from app.settings import ServerProfile
from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.text.decoder import EncodeFault

if TYPE_CHECKING:
    from app.frames.kits import Kit

FindKit = Callable[[str], "Kit | None"]
PLAIN = ComposeOptions(encoding="")
_NOTHING: tuple[bytes, ...] = ()


class ChunkReply:
    """Answers each chunk by itself, at once: a function, of which nothing is remembered."""

    def __call__(self, encoding: str, chunk: bytes, /) -> bytes:
        """Return the answer in the client's encoding; b"" for none. Raises EncodeFault."""
        raise NotImplementedError

    def open(self, client: Answered) -> Replier:
        """Answer this client."""
        return _Each(self, client)


class _Each:
    """A `ChunkReply` for one client."""

    __slots__ = ("_client", "_reply")
    patience_s: float | None = None

    def __init__(self, reply: ChunkReply, client: Answered) -> None:
        self._reply = reply
        self._client = client

    def begin(self) -> tuple[bytes, ...]:
        """Wait for the client to speak."""
        return _NOTHING

    def feed(self, chunk: bytes) -> tuple[bytes, ...]:
        """Return the answer. Raises EncodeFault."""
        data = self._reply(self._client.encoding, chunk)
        return (data,) if data else _NOTHING

    def overdue(self) -> tuple[bytes, ...]:
        """Nothing is."""
        return _NOTHING


class FixedReply(ChunkReply):
    """Always the same, typed as in the composer; text in the encoding of who is answered."""

    def __init__(self, text: str, options: ComposeOptions = PLAIN) -> None:
        """The encoding among `options` does not matter. What cannot be read is no reply."""
        self._text = text
        self._options = options
        self._encoded: dict[str, bytes] = {}

    def __call__(self, encoding: str, chunk: bytes, /) -> bytes:
        """Return the answer. Raises EncodeFault if the encoding lacks a character."""
        answer = self._encoded.get(encoding)
        if answer is None:
            answer = self._encoded[encoding] = self._compose(encoding)
        return answer

    def _compose(self, encoding: str) -> bytes:
        try:
            return compose(self._text, replace(self._options, encoding=encoding))
        except ComposeFault as fault:
            if fault.kind == "unencodable":
                raise EncodeFault(fault.position, fault.fragment, fault.encoding) from fault
            return b""  # the settings column and the command line have said so


class EchoReply(ChunkReply):
    """The chunk itself, byte for byte."""

    def __call__(self, encoding: str, chunk: bytes, /) -> bytes:
        """Return what came."""
        return chunk


def reply_draft(profile: ServerProfile) -> tuple[str, ComposeOptions]:
    """Return what the fixed reply is made of, in the encoding of new clients."""
    if profile.reply_mode == "hex":
        return profile.reply_hex, ComposeOptions(profile.encoding, "hex")
    ending = LineEnding(profile.reply_line_ending)
    options = ComposeOptions(profile.encoding, "text", profile.reply_escapes, ending)
    return profile.reply_text, options


def reply_for(
    profile: ServerProfile, find_kit: FindKit | None = None, before: Reply | None = None
) -> Reply | None:
    """Return the automatic reply that a server's profile asks for; None if it is off.

    `before`: what it answered with until now, whose rules' hits are counted on. Rules that cannot
    be used answer nothing: whoever saved them has been told.
    """
    if profile.reply_mode == "echo":
        return EchoReply()
    if profile.reply_mode == "rules":
        from app.reply.book import book_of, make_book  # the first paint needs no patterns
        from app.reply.rules import RuleFault

        try:
            return make_book(profile, find_kit, book_of(before), strict=False)
        except RuleFault:
            return None
    return None if profile.reply_mode == "off" else FixedReply(*reply_draft(profile))
