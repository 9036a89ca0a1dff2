"""Judging rows of the log by filters: many at once, in a background thread.

The bytes of some thousand rows are joined, and each filter looks through them in one go: that
costs a few hundred nanoseconds a row, where a search in each of them would cost microseconds.

A row is judged by what is its own: its bytes and, of a frame, what its kit says of it; an event by
its sentence. A word that begins in one chunk and ends in the next is in neither; it is in a frame.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from app.frames.places import Shape, shape_of
from app.journal.context import ContextDecoder
from app.journal.entry import Entry, Kind
from app.journal.framed import Frame
from app.journal.needle import Needle
from app.journal.pattern import Pattern, fold
from app.models.frame_words import words_of
from app.models.log_encodings import JournalEncodings
from app.models.row_filter import Filters, RowFilter
from app.reply.rules import RuleFault
from app.text.decoder import decode
from app.text.encodings import find_encoding
from app.text.hexa import HexFault
from app.wording.events import event_sentence

if TYPE_CHECKING:
    from app.frames.kits import Kit
    from app.journal.reader import Reader
    from app.models.framing_plan import FramingPlan

MOST_CHARACTERS = 1_000  # of a pattern
_TOGETHER = 4_096  # rows
_TOGETHER_BYTES = 4 * 1024 * 1024
_OUT = int(Kind.OUT)


@dataclass(frozen=True, slots=True)
class Judging:
    """What a thread needs to judge rows; nobody changes it any more."""

    filters: Filters
    encodings: Mapping[int, str]  # by client, where the user changed them
    default: str  # a stranger's encoding
    plan: FramingPlan | None = None  # rows are frames

    def judge(self, reader: Reader, cancelled: Callable[[], bool]) -> RowJudge:
        """Return the judge for the thread of `reader`."""
        return RowJudge(self, reader, cancelled)


class RowJudge:
    """Belongs to the thread of its reader. A filter with a fault in it fits nothing."""

    def __init__(self, order: Judging, reader: Reader, cancelled: Callable[[], bool]) -> None:
        encodings = JournalEncodings(reader, order.encodings, order.default)
        self._reader, self._plan, self._cancelled = reader, order.plan, cancelled
        self._context = ContextDecoder(reader, encodings.of)
        self._names: dict[int | str, str] = {}  # of encodings, by client or as a chunk has it
        self._tests = list(_tests(order.filters))
        self._shows_rest = all(each.deed != "only" for each in order.filters)

    def passing(self, ids: Sequence[int]) -> list[int]:
        """Return the ids of those entries that are to be shown, ascending as `ids`."""
        found: list[int] = []
        for entries in self._read(ids):
            firsts = self.firsts(entries)
            found += [e.id for e, first in zip(entries, firsts, strict=True) if self._shows(first)]
        return found

    def passing_entries(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return those that are to be shown."""
        firsts = self.firsts(entries)
        return [e for e, first in zip(entries, firsts, strict=True) if self._shows(first)]

    def passing_frames(self, frames: Sequence[Frame]) -> list[Frame]:
        """Return those that are to be shown."""
        firsts = self.firsts(frames)
        return [f for f, first in zip(frames, firsts, strict=True) if self._shows(first)]

    def firsts(self, items: Sequence[Entry | Frame]) -> list[RowFilter | None]:
        """Return for each row the first filter that fits it."""
        found: list[RowFilter | None] = [None] * len(items)
        groups: defaultdict[str, _Group] = defaultdict(_Group)
        events: list[int] = []
        kits: list[tuple[int, Kit, bytes]] = []
        names, name_of = self._names, self._context.encoding
        for at, item in enumerate(items):
            entry, data = (item[1], item[2]) if isinstance(item, Frame) else (item, item[6])
            if entry[4] > _OUT:
                events.append(at)
                continue
            own = entry[7] or entry[3]
            name = names.get(own)
            if name is None:
                name = names[own] = name_of(entry).name
            groups[name].add(at, data)
            if isinstance(item, Frame) and (kit := self._kit(item)) is not None:
                kits.append((at, kit, data))
        for chosen, test in self._tests:
            for encoding, group in groups.items():
                for at in self._in_bytes(test, encoding, group, items, found):
                    found[at] = chosen
            for at, kit, data in kits:
                if found[at] is None and test.is_in_frame(kit, data):
                    found[at] = chosen
            for at in events:
                if found[at] is None and test.is_in_text(event_sentence(_entry(items[at]))):
                    found[at] = chosen
        return found

    def _kit(self, frame: Frame) -> Kit | None:
        """Return the kit that says what a frame is; what is no whole frame nobody decodes."""
        if self._plan is None or shape_of(frame.place.size) is not Shape.FRAME:
            return None
        return self._plan.of(frame.entry.client_id).kit

    def _shows(self, first: RowFilter | None) -> bool:
        return self._shows_rest if first is None else first.deed == "only"

    def _read(self, ids: Sequence[int]) -> Iterator[list[Entry]]:
        """Yield these entries, in parts that fit into memory however large they are."""
        at = 0
        while at < len(ids) and not self._cancelled():
            some = ids[at : at + _TOGETHER]
            some = some[: self._reader.count_within(some, _TOGETHER_BYTES)]
            dense = some[-1] - some[0] == len(some) - 1
            yield self._reader.entries(some[0], len(some)) if dense else self._reader.pick(some)
            at += len(some)

    def _in_bytes(
        self,
        test: _Test,
        encoding: str,
        group: _Group,
        items: Sequence[Entry | Frame],
        found: list[RowFilter | None],
    ) -> Iterator[int]:
        """Yield the rows that no filter fits yet and that hold what this one looks for."""
        pattern = test.pattern(encoding)
        if pattern is None:
            return
        # Text in ASCII is where its bytes are; else they may stand across two characters.
        plain = not test.text or find_encoding(encoding).unit_bytes == 1
        for index in group.having(pattern, test.ascii, self._cancelled):
            at = group.rows[index]
            if found[at] is not None:
                continue
            sure = plain and (not test.text or group.parts[index].isascii())
            if sure or self._holds(test, encoding, items[at], group.parts[index]):
                yield at

    def _holds(self, test: _Test, encoding: str, item: Entry | Frame, data: bytes) -> bool:
        if test.is_in_text(decode(data, encoding)):
            return True
        if isinstance(item, Frame) or not item.offset:
            return False
        # It may begin within a character.
        return test.is_in_text(self._context.decode(item, limit_bytes=None).text)


def _entry(item: Entry | Frame) -> Entry:
    return item.entry if isinstance(item, Frame) else item


class _Group:
    """The bytes of the rows of one encoding, joined once for all filters."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.parts: list[bytes] = []
        self._ends: list[int] = []
        self._joined = self._lower = b""

    def add(self, row: int, data: bytes) -> None:
        self.rows.append(row)
        self.parts.append(data)

    def having(self, pattern: Pattern, text: bytes, cancelled: Callable[[], bool]) -> Iterator[int]:
        """Yield the indices of the parts in which a pattern is, whole.

        `text` is the pattern in lower case where it is ASCII whose case does not matter: to make
        all bytes lower once is enough for all such patterns.
        """
        if not self._ends:
            self._ends = list(accumulate(map(len, self.parts)))
            self._joined = b"".join(self.parts)
        if text:
            self._lower = self._lower or self._joined.lower()
            joined, offset, longest, others = self._lower, 0, text, []
        else:
            joined = self._joined.translate(pattern.table) if pattern.table else self._joined
            offset, longest = max(pattern.pieces, key=lambda piece: len(piece[1]))
            others = [piece for piece in pattern.pieces if piece[0] != offset]
        ends, find, length = self._ends, joined.find, pattern.length
        at = find(longest)
        while at >= 0 and not cancelled():
            index, low = bisect_right(ends, at), at - offset
            begin = ends[index - 1] if index else 0
            if (
                low >= begin
                and low + length <= ends[index]
                and all(joined.startswith(piece, low + place) for place, piece in others)
            ):
                yield index
                at = ends[index] - 1
            at = find(longest, at + 1)


class _Test:
    """What one filter looks for."""

    text = False  # it is text that is looked for
    ascii = b""  # it in lower case, where it is ASCII whose case does not matter

    def pattern(self, encoding: str) -> Pattern | None:
        """Bytes that propose a row; None: none do."""
        raise NotImplementedError

    def is_in_text(self, text: str) -> bool:
        """Whether decoded text, or an event's sentence, holds it."""
        return False

    def is_in_frame(self, kit: Kit, data: bytes) -> bool:
        """Whether it is in what a kit says of a frame."""
        return False


class _Words(_Test):
    def __init__(self, needle: Needle) -> None:
        self._needle, self.text = needle, bool(needle.text)
        if needle.ignores_case and needle.text.isascii():
            self.ascii = needle.text.lower().encode()
        self._patterns: dict[str, Pattern | None] = {}

    def pattern(self, encoding: str) -> Pattern | None:
        if encoding not in self._patterns:
            self._patterns[encoding] = self._needle.pattern(encoding)
        return self._patterns[encoding]

    def is_in_text(self, text: str) -> bool:
        return self.text and next(self._needle.spans(text), None) is not None

    def is_in_frame(self, kit: Kit, data: bytes) -> bool:
        if not self.text:
            return False
        words = words_of(kit, data)
        return self.is_in_text(words.summary) or self.is_in_text(words.wrong)


class _FieldIs(_Test):
    """A kit's field has this value: as it is shown, or as the bare number."""

    def __init__(self, text: str, case: bool) -> None:
        name, equals, value = text.partition("=")
        self._name, self._value, self._case = name.strip(), value.strip(), case
        if not (equals and self._name and self._value):
            raise RuleFault("bad_field", text)
        if not case:
            self._value = fold(self._value)

    def pattern(self, encoding: str) -> Pattern | None:
        return None

    def is_in_frame(self, kit: Kit, data: bytes) -> bool:
        return any(
            self._value in (self._folded(field.shown), self._folded(str(field.value)))
            for field in kit.decode(data)
            if field.name == self._name
        )

    def _folded(self, text: str) -> str:
        return text if self._case else fold(text)


def compiled(chosen: RowFilter) -> _Test:
    """Return what a filter looks for. Raises RuleFault: what is wrong with its pattern."""
    text = chosen.pattern
    if not text.strip():
        raise RuleFault("empty_pattern")
    if len(text) > MOST_CHARACTERS:
        raise RuleFault("long_pattern", str(MOST_CHARACTERS))
    if chosen.match == "field":
        return _FieldIs(text, chosen.case)
    try:
        if chosen.match == "hex":
            return _Words(Needle.of_hex(text))
        return _Words(Needle.of_text(text, ignores_case=not chosen.case))
    except HexFault as fault:
        raise RuleFault("bad_hex", fault.fragment) from None
    except ValueError:  # any bytes
        raise RuleFault("empty_pattern") from None


def _tests(filters: Filters) -> Iterator[tuple[RowFilter, _Test]]:
    for each in filters:
        try:
            yield each, compiled(each)
        except RuleFault:
            continue
