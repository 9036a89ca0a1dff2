"""Shown entries as plain text for the clipboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtCore import QObject

from app.journal.context import ContextDecoder
from app.journal.entry import Entry, Kind
from app.models.log_encodings import JournalEncodings
from app.models.log_filter import LogFilter
from app.models.log_task import LogTask
from app.text.hexa import format_hex

if TYPE_CHECKING:
    from app.journal.reader import Reader

_T = TypeVar("_T")
BATCH = 4_096  # ids at a time
CLIP_CHARS = 32 * 1024 * 1024  # more than this does not go to the clipboard

_UNFIT = re.compile("[\0\udc00-\udcff]")  # what no clipboard carries
_OUT = int(Kind.OUT)


class CopyForm(Enum):
    """How entries are copied."""

    LINES = "lines"  # as the log shows them: time, arrow, client, size, escaped text
    CONTENT = "content"  # the decoded text alone, on a line of its own
    HEX = "hex"  # the bytes, a line for each entry


@dataclass(frozen=True, slots=True)
class GatherOrder:
    """Which entries, and what is needed to decode them."""

    ranges: Sequence[tuple[int, int]]  # first and last id of each, ascending
    chosen: LogFilter  # entries that do not pass are left out
    encodings: Mapping[int, str]  # by client, where the user changed them
    default: str  # a stranger's encoding


class Clip(NamedTuple):
    """What goes to the clipboard."""

    text: str
    entries: int
    complete: bool  # False: it was too much


def clip_of(
    batches: Iterable[Sequence[_T]],
    parts_of: Callable[[Sequence[_T]], list[str]],
    cancelled: Callable[[], bool],
) -> Clip:
    """Put together what goes to the clipboard, up to CLIP_CHARS; `parts_of` makes it text."""
    parts: list[str] = []
    size = count = 0
    for batch in batches:
        if cancelled() or size > CLIP_CHARS:
            return Clip("".join(parts), count, False)
        texts = parts_of(batch)
        parts += texts
        size += sum(map(len, texts))
        count += len(batch)
    return Clip("".join(parts).removesuffix("\n"), count, True)


class LogCopy(LogTask):
    """Emits `done` with a Clip."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        order: GatherOrder,
        form: CopyForm,
        parent: QObject | None = None,
    ) -> None:
        super().__init__("log-copy", new_reader, self._copy, parent)
        self._order = order
        self._form = form

    def _copy(self, reader: Reader, _task: LogTask) -> Clip:
        from app.evidence.lines import line_of
        from app.evidence.source import Source

        encodings = JournalEncodings(reader, self._order.encodings, self._order.default)
        source = Source(reader, encoding_of=encodings.of)
        decoder = ContextDecoder(reader, encodings.of)

        def texts(ids: Sequence[int]) -> list[str]:
            if self._form is CopyForm.LINES:
                return [line_of(source, entry) for entry in reader.pick(ids)]
            return [self._text_of(entry, decoder) for entry in reader.pick(ids)]

        return clip_of(batches(reader, self._order), texts, self.cancelled)

    def _text_of(self, entry: Entry, decoder: ContextDecoder) -> str:
        if entry.kind > _OUT:
            return ""
        if self._form is CopyForm.HEX:
            return format_hex(entry.data) + "\n"
        return as_line(decoder.decode(entry, limit_bytes=None).text)


def as_line(decoded: str) -> str:
    """Return decoded text, `plain`, with a line break at its end."""
    text = plain(decoded)
    return text if text.endswith("\n") else text + "\n"


def plain(decoded: str) -> str:
    r"""Return decoded text as it is, but undecodable bytes as `\xNN` and NUL as `\0`."""
    return _UNFIT.sub(lambda m: f"\\x{ord(m[0]) & 0xFF:02X}" if m[0] != "\0" else "\\0", decoded)


def batches(reader: Reader, order: GatherOrder) -> Iterator[Sequence[int]]:
    """Yield the ids that are meant, ascending, some thousand at a time."""
    judge = None
    if order.chosen.filters:
        from app.models.row_judge import Judging

        judging = Judging(order.chosen.filters, order.encodings, order.default)
        judge = judging.judge(reader, lambda: False)
    for first, last in order.ranges:
        for ids in _of_range(reader, order.chosen, first, last):
            yield judge.passing(ids) if judge is not None else ids


def _of_range(reader: Reader, chosen: LogFilter, first: int, last: int) -> Iterator[Sequence[int]]:
    after = first - 1
    while after < last:
        count = min(BATCH, last - after)
        found = reader.matching_ids(*chosen.streams, after, count)
        ids = [entry_id for entry_id in found if entry_id <= last]
        if ids:
            yield ids
        if len(found) < count or len(ids) < len(found):
            return
        after = ids[-1]
