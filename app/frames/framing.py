"""Framings: the rules that cut a stream into frames, how they are written, how they cut.

Each is plain data with one function `split(data) -> int`, the same for all, kits included:

======= ==============================================================================
n > 0   the first frame takes n bytes
0       it is not complete
n < 0   the first -n bytes are junk: they belong to no frame
======= ==============================================================================

Stateless, so that reading may begin at any frame's start. `app.frames.cutting` runs them along a
stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Split = Callable[[bytes], int]

GREATEST_BYTES = 64 * 1024  # of a frame, unless the user says otherwise


class FramingFault(ValueError):
    """A framing that is written wrongly: `case` says how, `part` where."""

    def __init__(self, case: str, part: str) -> None:
        super().__init__(f"{case}: {part}")
        self.case = case
        self.part = part


class Framing(Protocol):
    """What all framings have in common."""

    def split(self, data: bytes) -> int:
        """Say what the beginning of `data` is; see the module."""
        ...

    def __str__(self) -> str:
        """The framing as it is written."""
        ...


@dataclass(frozen=True, slots=True)
class NoFraming:
    """Chunks stay as they came: each is a frame."""

    def split(self, data: bytes) -> int:
        """All there is."""
        return len(data)

    def __str__(self) -> str:
        return "none"


@dataclass(frozen=True, slots=True)
class Delimiter:
    """A frame ends with one of some marks, which belong to it."""

    marks: tuple[bytes, ...] = (b"\r\n",)
    escape: int | None = None  # this byte before a mark takes its meaning away

    def split(self, data: bytes) -> int:
        """Take what ends with the mark that is complete first."""
        ends = [(end, mark) for mark in self.marks if (end := self._end(data, mark)) > 0]
        if not ends:
            return 0
        end, mark = min(ends)
        start = end - len(mark)
        for longer in self.marks:  # of 0D and 0D0A, 0D0A: what follows decides
            if len(longer) > len(mark) and longer.startswith(mark):
                there = data[start : start + len(longer)]
                if there == longer:
                    end = max(end, start + len(longer))
                elif longer.startswith(there):
                    return 0
        return end

    def _end(self, data: bytes, mark: bytes) -> int:
        at = data.find(mark)
        while at >= 0 and self.escape is not None and _escaped(data, at, self.escape):
            at = data.find(mark, at + 1)
        return at + len(mark) if at >= 0 else 0

    def __str__(self) -> str:
        marks = "|".join(mark.hex().upper() for mark in self.marks)
        escape = "" if self.escape is None else f",escape={self.escape:02X}"
        return f"delimiter:{marks}{escape}"


def _escaped(data: bytes, at: int, escape: int) -> bool:
    """Whether an odd number of escape bytes stands before `at`."""
    count = 0
    while count < at and data[at - 1 - count] == escape:
        count += 1
    return count % 2 == 1


@dataclass(frozen=True, slots=True)
class HeadTail:
    """A frame stands between two marks, which belong to it. What is outside is junk."""

    head: bytes
    tail: bytes

    def split(self, data: bytes) -> int:
        """Skip to the head, take through the tail."""
        start = data.find(self.head)
        if start:
            return -(start if start > 0 else _without_part_of(data, self.head))
        end = data.find(self.tail, len(self.head))
        if end < 0:
            return 0
        if end == len(self.head) and self.head == self.tail:
            return -len(self.head)  # the end of a frame that we came into, and the next one's head
        return end + len(self.tail)

    def __str__(self) -> str:
        return f"head:{self.head.hex().upper()},tail:{self.tail.hex().upper()}"


def _without_part_of(data: bytes, head: bytes) -> int:
    """How many bytes can't be the beginning of `head`, at least one if there is one."""
    for size in range(min(len(head) - 1, len(data)), 0, -1):
        if data.endswith(head[:size]):
            return len(data) - size
    return len(data)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Every frame has the same size."""

    size: int

    def split(self, data: bytes) -> int:
        """Take `size` bytes as soon as they are there."""
        return self.size if len(data) >= self.size else 0

    def __str__(self) -> str:
        return f"fixed:{self.size}"


@dataclass(frozen=True, slots=True)
class LengthField:
    """A field in the frame says how long it is, as Netty's LengthFieldBasedFrameDecoder reads it.

    The frame takes `offset + size + value + adjust` bytes.
    """

    offset: int = 0
    size: int = 2
    adjust: int = 0
    order: str = "big"  # or "little"
    decimal: bool = False  # the field is digits, not binary

    def split(self, data: bytes) -> int:
        """Take what the field says; a field that says nothing sensible makes its byte junk."""
        length = self.length_in(data)
        if length is None:
            return 0
        if not self.offset + self.size <= length <= GREATEST_BYTES:
            return -1
        return length if len(data) >= length else 0

    def length_in(self, data: bytes) -> int | None:
        """Return the frame's length as the field has it, -1 if it is none, None if not there."""
        end = self.offset + self.size
        if len(data) < end:
            return None
        field = data[self.offset : end]
        if not self.decimal:
            return end + self.adjust + int.from_bytes(field, _order(self.order))
        if not (field.isascii() and field.isdigit()):
            return -1
        return end + self.adjust + int(field)

    def __str__(self) -> str:
        words = [f"offset={self.offset}", f"size={self.size}"]
        if self.adjust:
            words.append(f"adjust={self.adjust}")
        if self.order != "big":
            words.append(f"order={self.order}")
        if self.decimal:
            words.append("decimal")
        return f"length:{','.join(words)}"


def _order(name: str) -> Literal["big", "little"]:
    return "little" if name == "little" else "big"


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause between arrivals ends a frame: for serial lines. TCP promises no such pauses."""

    ms: int = 20

    def split(self, data: bytes) -> int:
        """Take everything: the pause was seen by who calls (`app.frames.cutting`)."""
        return len(data)

    def __str__(self) -> str:
        return f"gap:{self.ms}"


@dataclass(frozen=True, slots=True)
class KitFraming:
    """A kit's own rule; of one without `split`, chunks stay as they came."""

    name: str
    rule: Split

    def split(self, data: bytes) -> int:
        """Ask the kit."""
        return self.rule(data)

    def __str__(self) -> str:
        return f"kit:{self.name}"
