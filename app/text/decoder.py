"""Decoding a stream that arrives in pieces, and encoding typed text.

A character split between two pieces comes out whole with the later one. A byte b that belongs to no
character comes out as U+DC00+b; nothing is dropped, replaced or guessed.

The work is done by Python's own incremental decoders, in C. Four things they leave to us:

- Outside UTF-16 the undecodable byte that a fault begins with is always 0x80 or above, so the
  built-in "surrogateescape", also in C, does what we want. In UTF-16 it may be any byte, hence
  `_keep_bytes`.
- At the end of a stream a handler that consumes only a part of an unfinished character makes the
  CJK decoders hold the rest back, although they were told that nothing follows: `feed` asks again.
- They hold back any byte that might begin a character, even where no character begins with it, and
  their GBK lacks the one character of a single byte above 0x7F: the Euro sign. See `Encoding`.
- They do not tell how many bytes a held-back character lacks: `StreamDecoder.missing` does.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from app.text.encodings import find_encoding

_KEEP_BYTES = "portside-keep-bytes"
_WRITE_EURO = "portside-write-euro"
_BAD_BASE = 0xDC00


class EncodeFault(ValueError):
    """A character that the encoding does not have."""

    def __init__(self, position: int, character: str, encoding: str) -> None:
        super().__init__(f"{character!a} at {position}: not in {encoding}")
        self.position = position  # in characters
        self.character = character
        self.encoding = encoding  # an Encoding's name


class DecoderState(NamedTuple):
    """Where a StreamDecoder stands: none of our encodings remembers more than held-back bytes."""

    encoding: str
    waiting: bytes


def _keep_bytes(fault: UnicodeError) -> tuple[str, int]:
    """Error handler: every byte of the fault becomes U+DC00 plus the byte."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    bad = fault.object[fault.start : fault.end]
    return "".join([chr(_BAD_BASE + byte) for byte in bad]), fault.end


def _write_euro(fault: UnicodeError) -> tuple[bytes, int]:
    """Error handler: in Microsoft's GBK the Euro sign is 0x80; no other fault is mended."""
    if isinstance(fault, UnicodeEncodeError) and fault.object[fault.start] == "€":
        return b"\x80", fault.start + 1
    raise fault


codecs.register_error(_KEEP_BYTES, _keep_bytes)
codecs.register_error(_WRITE_EURO, _write_euro)


class StreamDecoder:
    """Decodes one direction of one connection. Belongs to one thread at a time."""

    def __init__(self, encoding_name: str) -> None:
        """Start at the beginning of a character. Raises UnknownEncoding."""
        encoding = find_encoding(encoding_name)
        errors = _KEEP_BYTES if encoding.unit_bytes > 1 else "surrogateescape"
        self.encoding = encoding.name
        self._alone = encoding.alone
        self._corrections = encoding.corrections
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(errors)

    @classmethod
    def restore(cls, state: DecoderState) -> StreamDecoder:
        """Return a decoder that goes on where another one stood."""
        decoder = cls(state.encoding)
        decoder.feed(state.waiting)  # an unfinished character: held back again, decodes to ""
        return decoder

    def state(self) -> DecoderState:
        """Return a value from which `restore` makes an equal decoder."""
        return DecoderState(self.encoding, self.waiting)

    def feed(self, data: bytes, final: bool = False) -> str:
        """Decode the next bytes; with `final` nothing follows and nothing is held back."""
        text = self._decoder.decode(data, final)
        if final:
            while self.waiting:
                text += self._decoder.decode(b"", True)
        elif data and data[-1] in self._alone and len(self.waiting) == 1:
            text += self._decoder.decode(b"", True)
        for made, meant in self._corrections:
            text = text.replace(made, meant)
        return text

    @property
    def waiting(self) -> bytes:
        """The bytes held back because they begin a character."""
        return self._decoder.getstate()[0]

    @property
    def missing(self) -> int:
        """The least number of bytes that complete the character held back; 0 if there is none."""
        held = self.waiting
        return _missing(self.encoding, held) if held else 0


def _missing(encoding_name: str, held: bytes) -> int:
    lead, count = held[0], len(held)
    match encoding_name:
        case "utf-8":
            return (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4) - count
        case "gb18030" if count > 1:  # its second byte is a digit: a character of four bytes
            return 4 - count
        case "utf-16-le":
            return 4 - count if count > 1 else 1  # the high byte, which would tell, comes second
        case "utf-16-be":
            return (4 if 0xD8 <= lead <= 0xDB else 2) - count
        case _:
            return 1


def decode(data: bytes, encoding_name: str) -> str:
    """Decode bytes that stand alone: nothing came before, nothing follows."""
    return StreamDecoder(encoding_name).feed(data, final=True)


def encode(text: str, encoding_name: str) -> bytes:
    """Encode `text`. Raises EncodeFault at the first character the encoding does not have."""
    encoding = find_encoding(encoding_name)
    try:
        return text.encode(encoding.codec, _WRITE_EURO if encoding.name == "gbk" else "strict")
    except UnicodeEncodeError as fault:
        raise EncodeFault(fault.start, text[fault.start], encoding.name) from None


def size_bytes(decoded: str, encoding_name: str) -> int:
    """Return how many bytes were decoded to this text. Raises UnknownEncoding."""
    encoding = find_encoding(encoding_name)
    kept = sum(_BAD_BASE <= ord(character) <= _BAD_BASE + 0xFF for character in decoded)
    if encoding.unit_bytes > 1:
        beyond = sum(character > "\uffff" for character in decoded)
        return (len(decoded) - kept + beyond) * encoding.unit_bytes + kept
    plain = "".join(c for c in decoded if not _BAD_BASE <= ord(c) <= _BAD_BASE + 0xFF)
    return len(encode(plain, encoding_name)) + kept
