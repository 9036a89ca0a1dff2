"""The content of one row, laid out piece by piece, as far as somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, auto
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from app.frames.places import Shape
from app.text.visible import RunKind, runs
from app.wording import tr

if TYPE_CHECKING:
    from app.models.log_row import LogRow
    from app.ui.log.marks import Marks
    from app.ui.log.metrics import LogMetrics

SLICE_CHARS = 96  # laid out at a time: about a window's width
SLICE_BYTES = 32


class Ink(IntEnum):  # its members are keys of a mapping, and an int is hashed in C
    """How a piece of content is drawn."""

    TEXT = auto()
    TAG = auto()  # a framed name: a control character, or an invisible one
    BAD = auto()  # bytes that are no character
    HEX = auto()
    WAIT = auto()  # a ring: a character is unfinished; the words follow as a NOTE
    WRONG = auto()  # what in a frame is not as its protocol wants it
    COMMENT = auto()  # what the user noted at a bookmark
    NOTE = auto()  # our own words about the content
    EVENT = auto()


class Piece(NamedTuple):
    """A stretch drawn in one way."""

    ink: Ink
    text: str
    x: float  # from the content's left edge, in pixels
    width: float
    marked: bool  # it is what was looked for


_INKS = {
    RunKind.TEXT: Ink.TEXT,
    RunKind.CONTROL: Ink.TAG,
    RunKind.BAD: Ink.BAD,
    RunKind.BIDI: Ink.TAG,
}
_Part = tuple[Ink, str, bool]


class Line:
    """A row's text, or its bytes in hexadecimal. Pieces are made from the left as needed."""

    def __init__(
        self, row: LogRow, metrics: LogMetrics, marks: Marks, *, as_hex: bool, comment: str = ""
    ) -> None:
        self.pieces: list[Piece] = []
        self.width = 0.0  # of the pieces so far
        self.complete = False
        self._metrics = metrics
        parts = _hex_parts(row, marks) if as_hex else _text_parts(row, marks)
        self._parts = chain(_quoted(Ink.COMMENT, f"{comment}  "), parts) if comment else parts
        self._chars = (len(row.data) * 3 if as_hex else len(row.text)) + len(comment)

    def reach(self, x: float) -> None:
        """Make sure that everything left of `x` is laid out."""
        while self.width < x and not self.complete:
            part = next(self._parts, None)
            if part is None:
                self.complete = True
                return
            ink, text, marked = part
            width = self._measure(ink, text)
            self.pieces.append(Piece(ink, text, self.width, width, marked))
            self.width += width

    @property
    def likely_width(self) -> float:
        """The whole width: exact when complete, else from above for anything but tags."""
        return self.width if self.complete else self.width + 2 * self._chars * self._metrics.cell

    def _measure(self, ink: Ink, text: str) -> float:
        metrics = self._metrics
        if ink is Ink.TAG:
            return len(text) * metrics.tag_cell + metrics.cell
        if ink is Ink.WAIT:
            return 2 * metrics.cell
        if text.isascii():
            return len(text) * metrics.cell
        return metrics.font_metrics.horizontalAdvance(text)


def _text_parts(row: LogRow, marks: Marks) -> Iterator[_Part]:
    if not row.is_chunk:
        yield from _event_parts(row)
        return
    yield from _shape(row)
    yield from _wrong(row)
    for start, end, marked in _stretches(len(row.text), marks.in_text(row), SLICE_CHARS):
        for run in runs(row.text[start:end]):
            yield _INKS[run.kind], run.text, marked
    yield from _notes(row)


def _hex_parts(row: LogRow, marks: Marks) -> Iterator[_Part]:
    if not row.is_chunk:
        yield from _event_parts(row)
        return
    yield from _shape(row)
    yield from _wrong(row)
    for start, end, marked in _stretches(len(row.data), marks.in_bytes(row), SLICE_BYTES):
        pairs = row.data[start:end].hex(" ").upper()
        yield Ink.HEX, pairs, marked
        yield Ink.HEX, " ", False
    if row.hidden_bytes:
        yield Ink.NOTE, tr("log.more_bytes", n=row.hidden_bytes), False
    if row.filled:
        yield Ink.NOTE, " " + tr("log.filled"), False


def _shape(row: LogRow) -> Iterator[_Part]:
    """What a piece of a stream is that is no frame."""
    if row.shape is Shape.HELD:
        yield Ink.WAIT, "", False
        key = "log.lacks" if row.waiting_bytes else "log.lacks_end"
        yield Ink.NOTE, tr(key, n=row.waiting_bytes) + " ", False
    elif row.shape is not Shape.FRAME:
        yield Ink.BAD, tr(f"frames.{row.shape.name.lower()}") + " ", False


def _wrong(row: LogRow) -> Iterator[_Part]:
    yield from _quoted(Ink.WRONG, f"✗ {row.wrong}  " if row.wrong else "")


def _event_parts(row: LogRow) -> Iterator[_Part]:
    # An event may quote the system or a character that a client sent.
    yield from _quoted(Ink.EVENT, row.text)


def _quoted(ink: Ink, words: str) -> Iterator[_Part]:
    """Words in one ink, but for what in them cannot be seen."""
    for run in runs(words):
        yield (ink if run.kind is RunKind.TEXT else _INKS[run.kind]), run.text, False


def _notes(row: LogRow) -> Iterator[_Part]:
    if row.waiting_bytes and row.shape is Shape.FRAME:
        yield Ink.WAIT, "", False
        yield Ink.NOTE, tr("log.waits_for", n=row.waiting_bytes), False
    if row.hidden_bytes:
        yield Ink.NOTE, " " + tr("log.more_bytes", n=row.hidden_bytes), False
    if row.filled:
        yield Ink.NOTE, " " + tr("log.filled"), False
    if row.unsure:
        yield Ink.NOTE, " " + tr("log.unsure"), False


def _stretches(
    length: int, marks: list[tuple[int, int]], slice_length: int
) -> Iterator[tuple[int, int, bool]]:
    """Yield start, end and whether marked, of stretches no longer than a slice."""
    at = 0
    for start, end in [*marks, (length, length)]:
        for marked, stop in ((False, start), (True, end)):
            while at < stop:
                until = min(at + slice_length, stop)
                yield at, until, marked
                at = until
