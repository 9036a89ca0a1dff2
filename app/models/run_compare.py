"""Two clients' runs compared: each direction's messages, in the order in which they came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.frames.compare import changed_bytes, paired
from app.frames.cutting import Cutter
from app.frames.framing import Framing, NoFraming
from app.journal.entry import Kind
from app.models.task import Task
from app.text.decoder import decode
from app.text.hexa import format_hex
from app.text.visible import escaped

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.journal.reader import Reader

MOST_FRAMES = 100_000  # of a client and direction
MOST_BYTES = 64 * 1024 * 1024
SHOWN_BYTES = 512  # of a message
_TOGETHER = 256
SAME, CHANGED, MISSING, EXTRA = "=", "≠", "−", "+"


@dataclass(frozen=True, slots=True)
class Run:
    """What one client sent and was sent."""

    new_reader: Callable[[], Reader]
    client_id: int
    label: str
    encoding: str
    framing: Framing


class Row(NamedTuple):
    """A message beside its counterpart; None: there is none."""

    mark: str
    kind: int  # Kind.IN or Kind.OUT
    places: tuple[int | None, int | None]  # from 1
    sides: tuple[bytes | None, bytes | None]


class Comparison(NamedTuple):
    """How two runs compare."""

    rows: list[Row]
    by_place: bool  # too little in common for more than that
    cut_short: bool  # there is more than the bounds allow
    by_chunks: bool  # no framing says where a message ends

    def count(self, mark: str) -> int:
        """Return how many rows have this mark."""
        return sum(row.mark == mark for row in self.rows)


class RunCompare(Task):
    """Emits `done` with a Comparison."""

    def __init__(self, left: Run, right: Run, parent: QObject | None = None) -> None:
        super().__init__("compare-runs", self._compare, parent)
        self._runs = (left, right)

    def _compare(self, _task: Task) -> Comparison:
        rows: list[Row] = []
        by_place = cut_short = False
        for done, kind in enumerate((Kind.IN, Kind.OUT)):
            (left, less), (right, fewer) = (self._messages(run, kind) for run in self._runs)
            pairs, guessed = paired(left, right, self.cancelled)
            by_place, cut_short = by_place or guessed, cut_short or less or fewer
            for a, b, same in pairs:
                sides = (None if a is None else left[a], None if b is None else right[b])
                places = (None if a is None else a + 1, None if b is None else b + 1)
                rows.append(Row(_mark(same, *places), int(kind), places, sides))
            self.report(done + 1, 2)
        by_chunks = any(isinstance(run.framing, NoFraming) for run in self._runs)
        return Comparison(rows, by_place, cut_short, by_chunks)

    def _messages(self, run: Run, kind: int) -> tuple[list[bytes], bool]:
        """Return what went one way, and whether there is more."""
        found: list[bytes] = []
        size = 0
        with closing(run.new_reader()) as reader:
            for data in _cut(reader, run, kind):
                found.append(data)
                size += len(data)
                if len(found) >= MOST_FRAMES or size >= MOST_BYTES or self.cancelled():
                    return found, True
        return found, False


def _cut(reader: Reader, run: Run, kind: int) -> Iterator[bytes]:
    cutter = Cutter(run.framing)
    after_id = 0
    while entries := reader.ahead(run.client_id, kind, after_id, _TOGETHER):
        for entry in entries:
            for piece in cutter.feed(entry.data, entry.mono_ns):
                yield piece.data
        after_id = entries[-1].id
    for piece in cutter.held_back():
        yield piece.data


def _mark(same: bool, left: int | None, right: int | None) -> str:
    if same:
        return SAME
    return EXTRA if left is None else MISSING if right is None else CHANGED


def texts_of(row: Row, encodings: tuple[str, str], *, as_hex: bool) -> tuple[str, str]:
    """Return what both sides say; what differs of a changed one stands in [brackets]."""
    left, right = row.sides
    stretches: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    if row.mark == CHANGED and left is not None and right is not None:
        stretches = changed_bytes(left[:SHOWN_BYTES], right[:SHOWN_BYTES])
    found = (
        _text(data, places, encoding, as_hex=as_hex)
        for data, places, encoding in zip(row.sides, stretches, encodings, strict=True)
    )
    return next(found), next(found)


def _text(
    data: bytes | None, stretches: list[tuple[int, int]], encoding: str, *, as_hex: bool
) -> str:
    if data is None:
        return ""
    shown, parts, at = data[:SHOWN_BYTES], [], 0

    def spelt(part: bytes) -> str:
        return format_hex(part) if as_hex else escaped(decode(part, encoding))

    for start, end in stretches:
        parts += [spelt(shown[at:start]), f"[{spelt(shown[start:end])}]"]
        at = end
    parts.append(spelt(shown[at:]))
    more = "…" if len(data) > SHOWN_BYTES else ""
    return (" " if as_hex else "").join(part for part in parts if part) + more


def lines_of(comparison: Comparison, encodings: tuple[str, str], *, as_hex: bool) -> Iterator[str]:
    """Yield each row as text: its mark, its direction, its place, what it says."""
    for row in comparison.rows:
        arrow = "←" if row.kind == Kind.IN else "→"
        left, right = texts_of(row, encodings, as_hex=as_hex)
        if row.mark != EXTRA:
            yield f"{row.mark} {arrow} {row.places[0]} {left}"
        if row.mark in (EXTRA, CHANGED):
            mark = EXTRA if row.mark == EXTRA else " "
            yield f"{mark} {arrow} {row.places[1]} {right}"
