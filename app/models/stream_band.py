"""A stretch of one stream laid out: its bytes, the calls that brought them, its characters.

The characters are those of `app.text.decoder.StreamDecoder`, fed byte by byte: whatever comes out
belongs to the bytes that went in since the last time. Between two chunks, bytes held back that
begin no character are given up, as in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.text.decoder import DecoderState, StreamDecoder, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.journal.entry import Entry

# No character of our encodings is longer: so far beyond its edges a stretch is decoded.
LONGEST_BYTES = 8
_BAD = range(0xDC00, 0xDD00)


class Character(NamedTuple):
    """A character and its bytes."""

    text: str  # one character; U+DC00 + byte for a byte that belongs to none
    offset: int  # of its first byte in the stream
    size: int  # bytes

    @property
    def end(self) -> int:
        """The offset after its last byte."""
        return self.offset + self.size

    @property
    def is_bad(self) -> bool:
        """Whether it is a byte that belongs to no character."""
        return ord(self.text) in _BAD


class Waiting(NamedTuple):
    """The beginning of a character at the end of the stream."""

    offset: int
    size: int
    missing: int  # the least number of bytes that complete it


class Band(NamedTuple):
    """What stands between two offsets of a stream; chunks and characters may reach beyond."""

    begin: int
    end: int
    chunks: tuple[Entry, ...]
    characters: tuple[Character, ...]
    alone: tuple[Character, ...]  # each chunk decoded by itself, as if nothing came before or after
    waiting: Waiting | None
    boundaries: frozenset[int]  # where the chunks begin

    def data(self) -> bytes:
        """Return the bytes from `begin` to `end`."""
        return b"".join(
            chunk.data[max(self.begin - chunk.offset, 0) : max(self.end - chunk.offset, 0)]
            for chunk in self.chunks
        )

    def chunk_at(self, offset: int) -> Entry | None:
        """Return the chunk that brought the byte at an offset."""
        for chunk in self.chunks:
            if chunk.offset <= offset < chunk.offset + len(chunk.data):
                return chunk
        return None

    def character_at(self, offset: int) -> Character | None:
        """Return the character to which the byte at an offset belongs."""
        for character in self.characters:
            if character.offset <= offset < character.end:
                return character
        return None

    def is_cut(self, character: Character) -> bool:
        """Whether a boundary between two chunks goes through a character."""
        return any(at in self.boundaries for at in range(character.offset + 1, character.end))


def spell(
    decoder: StreamDecoder, data: bytes, offset: int, *, final: bool = False
) -> Iterator[Character]:
    """Feed `data`, which stands at `offset`; yield each character with its place.

    With `final` nothing follows, and nothing is held back.
    """
    begin = offset - len(decoder.waiting)
    for at in range(len(data)):
        text = decoder.feed(data[at : at + 1])
        if text:
            end = offset + at + 1 - len(decoder.waiting)
            yield from _shared_out(text, begin, end, decoder.encoding)
            begin = end
    if final and (text := decoder.feed(b"", final=True)):
        yield from _shared_out(text, begin, offset + len(data), decoder.encoding)


def _give_up(
    decoder: StreamDecoder, stray: int, offset: int, characters: list[Character]
) -> StreamDecoder:
    """Spell the first `stray` of the bytes held back before `offset`; return who holds the rest."""
    held, encoding = decoder.waiting, decoder.encoding
    begun = StreamDecoder.restore(DecoderState(encoding, held[:stray]))
    characters += spell(begun, b"", offset - len(held) + stray, final=True)
    return StreamDecoder.restore(DecoderState(encoding, held[stray:]))


def _shared_out(text: str, begin: int, end: int, encoding: str) -> Iterator[Character]:
    """Give each character its bytes between `begin` and `end`."""
    for n, character in enumerate(text):
        if n == len(text) - 1:
            size = end - begin
        else:  # after a fault, several come at once
            size = 1 if ord(character) in _BAD else len(encode(character, encoding))
        yield Character(character, begin, size)
        begin += size


def make_band(
    chunks: Sequence[Entry],
    begin: int,
    end: int,
    *,
    decoder_at: Callable[[Entry], StreamDecoder],
    stray_between: Callable[[Entry, Entry, bytes], int],
    encoding_of: Callable[[Entry], str],
    ends: Callable[[], bool],
) -> Band:
    """Lay out `chunks`, which follow each other and cover what is between two offsets.

    `decoder_at` and `stray_between` are those of a ContextDecoder; `ends` tells whether nothing
    will ever follow the last chunk; it is asked where a character lacks bytes there.
    """
    from_offset, to_offset = begin - LONGEST_BYTES, end + LONGEST_BYTES
    characters: list[Character] = []
    decoder: StreamDecoder | None = None
    for before, chunk in zip((None, *chunks), chunks, strict=False):
        if decoder is None or decoder.encoding != encoding_of(chunk):
            if decoder is not None:  # sent in another encoding: no character spans that
                characters += spell(decoder, b"", chunk.offset, final=True)
            decoder = decoder_at(chunk)
        elif before is not None and decoder.waiting:
            stray = stray_between(before, chunk, decoder.waiting)
            decoder = _give_up(decoder, stray, chunk.offset, characters)
        characters += spell(decoder, *_from(decoder, chunk, from_offset, to_offset))
    waiting = None
    if (
        decoder is not None
        and (held := len(decoder.waiting))
        and (stream_end := chunks[-1].offset + len(chunks[-1].data)) <= to_offset
    ):
        if ends():
            characters += spell(decoder, b"", stream_end, final=True)
        else:
            waiting = Waiting(stream_end - held, held, decoder.missing)
    alone = [
        c for chunk in chunks for c in _alone(chunk, encoding_of(chunk), from_offset, to_offset)
    ]
    return Band(
        begin,
        end,
        tuple(chunks),
        _between(characters, begin, end),
        _between(alone, begin, end),
        waiting,
        frozenset(chunk.offset for chunk in chunks),
    )


def _from(
    decoder: StreamDecoder, chunk: Entry, from_offset: int, to_offset: int
) -> tuple[bytes, int]:
    """Feed what comes long before; return what is to be spelled, and its offset."""
    skipped = min(max(from_offset - chunk.offset, 0), len(chunk.data))
    if skipped:
        decoder.feed(chunk.data[:skipped])
    return chunk.data[skipped : max(to_offset - chunk.offset, 0)], chunk.offset + skipped


def _alone(chunk: Entry, encoding: str, from_offset: int, to_offset: int) -> Iterator[Character]:
    decoder = StreamDecoder(encoding)
    data, offset = _from(decoder, chunk, from_offset, to_offset)
    return spell(decoder, data, offset, final=offset + len(data) == chunk.offset + len(chunk.data))


def _between(characters: list[Character], begin: int, end: int) -> tuple[Character, ...]:
    return tuple(c for c in characters if c.offset < end and c.end > begin)
