"""From what the user typed to the bytes that are sent, or a fault that says where it cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, Protocol

from app.text.decoder import EncodeFault, encode
from app.text.escapes import EscapeFault, Piece, parse_pieces
from app.text.hexa import HexFault, HexProblem, parse_hex

ComposeMode = Literal["text", "hex"]
ComposeFaultKind = Literal["unencodable", "bad_hex", "odd_hex", "bad_escape", "empty"]

_TYPED_NEWLINE = re.compile(r"\r\n|\r|\n")


class LineEnding(StrEnum):
    """What a typed new line becomes, and what is put after the last line."""

    NONE = "none"  # new lines stay as they are, nothing is appended
    LF = "lf"
    CR = "cr"
    CRLF = "crlf"

    @property
    def characters(self) -> str:
        """The characters of the line ending."""
        return {"none": "", "lf": "\n", "cr": "\r", "crlf": "\r\n"}[self.value]


class Sealing(Protocol):
    """Puts a checksum into a message; `app.frames.seals` knows which."""

    def of(self, data: bytes) -> bytes:
        """Return the checksum of a message without it."""

    def put(self, data: bytes) -> bytes:
        """Return the message with its checksum."""


@dataclass(frozen=True, slots=True)
class ComposeOptions:
    """How typed text is read. In hex mode only `mode` and `seal` matter."""

    encoding: str  # an Encoding's name
    mode: ComposeMode = "text"
    escapes: bool = False
    line_ending: LineEnding = LineEnding.NONE
    seal: Sealing | None = None  # a checksum, put before the line ending


class ComposeFault(ValueError):
    """Typed text that cannot be sent."""

    def __init__(
        self,
        kind: ComposeFaultKind,
        position: int = 0,
        length: int = 0,
        fragment: str = "",
        encoding: str = "",
    ) -> None:
        super().__init__(f"{kind}: {fragment!a} at {position}")
        self.kind = kind
        self.position = position  # in the typed text, in characters
        self.length = length
        self.fragment = fragment  # the typed characters at fault
        self.encoding = encoding  # "unencodable": the name of the encoding that lacks the character


def compose(text: str, options: ComposeOptions, *, may_be_empty: bool = False) -> bytes:
    """Return the bytes to send. Raises ComposeFault, also when there would be none.

    `may_be_empty`: they go out as a datagram, which is one without a byte, too.
    """
    data = _from_hex(text) if options.mode == "hex" else _from_text(text, options)
    if not data and not (may_be_empty and options.seal is None):
        raise ComposeFault("empty")
    if options.seal is None:
        return data
    end = len(data) - len(_ending(options))
    return options.seal.put(data[:end]) + data[end:]


def checksum_of(text: str, options: ComposeOptions) -> bytes:
    """Return the checksum that `compose` puts in; b"" for none. Raises ComposeFault."""
    if options.seal is None:
        return b""
    data = compose(text, replace(options, seal=None))
    return options.seal.of(data[: len(data) - len(_ending(options))])


def _ending(options: ComposeOptions) -> bytes:
    if options.mode == "hex":
        return b""
    return encode(options.line_ending.characters, options.encoding)


def _from_hex(text: str) -> bytes:
    try:
        return parse_hex(text)
    except HexFault as fault:
        kind: ComposeFaultKind = "odd_hex" if fault.fault is HexProblem.ODD else "bad_hex"
        raise ComposeFault(kind, fault.position, fault.length, fault.fragment) from fault


def _from_text(text: str, options: ComposeOptions) -> bytes:
    line_ending = encode(options.line_ending.characters, options.encoding)
    parts = [
        _encoded(piece, line_ending, options.encoding) for piece in _pieces(text, options.escapes)
    ]
    return b"".join(parts) + line_ending


def _pieces(text: str, escapes: bool) -> list[Piece]:
    if not escapes:
        return [Piece(0, text, typed=True)]
    try:
        return parse_pieces(text)
    except EscapeFault as fault:
        raise ComposeFault("bad_escape", fault.position, fault.length, fault.fragment) from fault


def _encoded(piece: Piece, line_ending: bytes, encoding: str) -> bytes:
    if isinstance(piece.value, bytes):
        return piece.value
    if not piece.typed or not line_ending:
        return _encoded_line(piece.value, piece.position, encoding)
    lines: list[bytes] = []
    begin = 0
    for newline in _TYPED_NEWLINE.finditer(piece.value):
        line = piece.value[begin : newline.start()]
        lines.append(_encoded_line(line, piece.position + begin, encoding))
        begin = newline.end()
    lines.append(_encoded_line(piece.value[begin:], piece.position + begin, encoding))
    return line_ending.join(lines)


def _encoded_line(line: str, position: int, encoding: str) -> bytes:
    try:
        return encode(line, encoding)
    except EncodeFault as fault:
        raise ComposeFault(
            "unencodable", position + fault.position, 1, fault.character, fault.encoding
        ) from fault
