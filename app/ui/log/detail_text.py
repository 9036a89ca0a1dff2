"""What the detail of an entry says: pure text, of one part of the entry at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.journal.context import ContextDecoder
from app.journal.entry import Entry
from app.text.decoder import decode
from app.text.encodings import ENCODINGS
from app.text.hexa import hex_dump
from app.text.visible import escaped

PART_BYTES = 16 * 1024  # shown at once, of a chunk that may have a mebibyte
SAMPLE_BYTES = 256  # decoded for the comparison of encodings
DUMP_WIDTHS = (16, 8, 4)  # bytes a line; the widest that fits is taken


class Reading(NamedTuple):
    """The same bytes in one encoding."""

    name: str
    label: str
    text: str  # escaped, of the first SAMPLE_BYTES
    bad_bytes: int  # among those


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a chunk."""

    start: int
    data: bytes
    total_bytes: int

    @property
    def end(self) -> int:
        """The index after the last byte."""
        return self.start + len(self.data)


def part_count(entry: Entry) -> int:
    """Return how many parts a chunk has; an empty one has one."""
    return max((len(entry.data) + PART_BYTES - 1) // PART_BYTES, 1)


def part_of(entry: Entry, index: int) -> Part:
    """Return part `index` of a chunk."""
    start = index * PART_BYTES
    return Part(start, entry.data[start : start + PART_BYTES], len(entry.data))


def readings(data: bytes) -> list[Reading]:
    """Return what the first bytes of `data` are in every encoding, each as if they stood alone."""
    sample = data[:SAMPLE_BYTES]
    found = []
    for encoding in ENCODINGS:
        text = decode(sample, encoding.name)
        bad = sum(0xDC00 <= ord(character) <= 0xDCFF for character in text)
        found.append(Reading(encoding.name, encoding.label, escaped(text), bad))
    return found


def own_text(entry: Entry, part: Part, decoder: ContextDecoder) -> str:
    """Return the text of a part, decoded as a piece of its stream, in lines."""
    reading = decoder.decoder_at(entry)
    reading.feed(entry.data[: part.start])
    return in_lines(reading.feed(part.data))


def text_in(part: Part, encoding_name: str) -> str:
    """Return the text of a part in another encoding, as if it stood alone, in lines."""
    return in_lines(decode(part.data, encoding_name))


def in_lines(decoded: str) -> str:
    """Return decoded text with every special character escaped, and a line break after each LF."""
    lines = decoded.split("\n")
    return "\n".join([escaped(f"{line}\n") for line in lines[:-1]] + [escaped(lines[-1])])


def dump_text(part: Part, width: int) -> str:
    """Return the hex dump of a part: offset, bytes, characters."""
    digits = max(len(f"{part.total_bytes:X}"), 4)
    lines = hex_dump(part.data, part.start, width)
    column = width * 3 - 1
    return "\n".join(
        f"{line.offset:0{digits}X}  {line.hex:<{column}}  {line.ascii}" for line in lines
    )


def dump_width(total_bytes: int, room_cells: int) -> int:
    """Return how many bytes a line of the dump has where `room_cells` characters fit."""
    digits = max(len(f"{total_bytes:X}"), 4)
    fitting = (width for width in DUMP_WIDTHS if digits + width * 4 + 3 <= room_cells)
    return next(fitting, DUMP_WIDTHS[-1])
