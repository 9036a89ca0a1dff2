"""Shown frames as plain text: for the clipboard, and for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.evidence.formats import Written
from app.evidence.lines import bytes_line, line_of
from app.evidence.source import Source
from app.evidence.whole import whole_file
from app.frames.clue import clue_of
from app.frames.cutting import Part
from app.frames.places import Shape, shape_of
from app.journal.entry import Entry
from app.journal.framed import Frame, frames_at
from app.models.frame_table import FrameTable
from app.models.frame_words import words_of
from app.models.framing_plan import FramingPlan
from app.models.log_encodings import JournalEncodings
from app.models.log_gather import Clip, CopyForm, as_line, clip_of
from app.models.log_task import LogTask
from app.text.decoder import decode
from app.text.hexa import format_hex
from app.text.visible import escaped
from app.wording.frames import part_text

if TYPE_CHECKING:
    from app.journal.reader import Reader

_TOGETHER = 256  # frames whose bytes are read at once


@dataclass(frozen=True, slots=True)
class FrameGather:
    """Which frames, and what is needed to read them."""

    table: FrameTable  # a copy: nobody changes it any more
    ranges: Sequence[tuple[int, int]]  # first and last key of each, ascending
    plan: FramingPlan
    encodings: Mapping[int, str]  # by client, where the user changed them
    default: str  # a stranger's encoding


class _Texts:
    """What frames are as text."""

    def __init__(self, reader: Reader, order: FrameGather) -> None:
        self._reader, self._order = reader, order
        self._encodings = JournalEncodings(reader, order.encodings, order.default)
        self._source = Source(reader, encoding_of=self._encodings.of)

    def frames(self) -> Iterator[list[Frame]]:
        table = self._order.table
        for first, last in self._order.ranges:
            start, stop = table.index_of(first), table.index_of(last + 1)
            for at in range(start, stop, _TOGETHER):
                yield frames_at(self._reader, table.places(at, min(at + _TOGETHER, stop)))

    def line(self, frame: Frame) -> str:
        if frame.place.start < 0:
            return line_of(self._source, frame.entry)
        return bytes_line(self._source, frame.entry, len(frame.data), self._words(frame))

    def _words(self, frame: Frame) -> str:
        shape = shape_of(frame.place.size)
        read_by = self._order.plan.of(frame.entry.client_id)
        kit = read_by.kit
        if shape is not Shape.FRAME:
            part = Part.JUNK if shape is Shape.JUNK else Part.INCOMPLETE
            mark = part_text(part, clue_of(read_by.framing, kit, frame.data))
            return escaped(f"{mark} {self._decoded(frame)}")
        words = words_of(kit, frame.data) if kit is not None else None
        if words is None or not words.summary:
            return escaped(self._decoded(frame))
        return escaped(f"{words.summary}  {words.wrong}".rstrip())

    def content(self, frame: Frame, form: CopyForm) -> str:
        if frame.place.start < 0:
            return ""
        if form is CopyForm.HEX:
            return format_hex(frame.data) + "\n"
        return as_line(self._decoded(frame))

    def _decoded(self, frame: Frame) -> str:
        entry: Entry = frame.entry
        return decode(frame.data, entry.encoding or self._encodings.of(entry.client_id))


class FrameCopy(LogTask):
    """Emits `done` with a Clip."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        order: FrameGather,
        form: CopyForm,
        parent: QObject | None = None,
    ) -> None:
        super().__init__("log-copy", new_reader, self._copy, parent)
        self._order = order
        self._form = form

    def _copy(self, reader: Reader, _task: LogTask) -> Clip:
        texts = _Texts(reader, self._order)

        def parts(frames: Sequence[Frame]) -> list[str]:
            if self._form is CopyForm.LINES:
                return list(map(texts.line, frames))
            return [texts.content(frame, self._form) for frame in frames]

        return clip_of(texts.frames(), parts, self.cancelled)


class FrameExport(LogTask):
    """Writes frames to a UTF-8 file, whole or not at all. Emits `done` with a `Written`."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        order: FrameGather,
        path: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__("log-export", new_reader, self._export, parent)
        self._order = order
        self._path = path

    def _export(self, reader: Reader, _task: LogTask) -> Written:
        texts = _Texts(reader, self._order)
        count = 0
        with whole_file(self._path, self.cancelled) as file:
            for frames in texts.frames():
                if self.cancelled():
                    break
                file.write("".join(map(texts.line, frames)).encode())
                count += len(frames)
                self.report(count, len(self._order.table))
        return Written(count, ())
