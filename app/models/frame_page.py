"""Rows of frames, made on demand and kept for a while; what kits say of them comes later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.frames.clue import clue_of
from app.frames.kits import Kit
from app.frames.places import Place, Shape, shape_of
from app.frames.streams import missing_bytes
from app.journal.framed import Frame, frames_at
from app.models.frame_words import FrameWords, words_of
from app.models.log_row import LogRow, RowMaker
from app.models.task import Task
from app.models.wanted import Wanted
from app.wording.frames import clue_text

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.models.framing_plan import FramingPlan

KEPT = 4_096  # rows, and words
TOGETHER = 64  # frames whose words are told at once


class FrameTelling(Task):
    """Asks kits what frames say, in a thread of its own. Delivers words by key."""

    def __init__(self, columns: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__("log-kits", self._tell, parent)
        self._columns = columns
        self.wanted: Wanted[tuple[Kit, bytes]] = Wanted()

    def cancel(self) -> None:
        """Ask the thread to end; returns at once."""
        super().cancel()
        self.wanted.wake()

    def _tell(self, _task: Task) -> None:
        while not self.cancelled():
            self.wanted.wait()
            while (some := self.wanted.take(TOGETHER)) and not self.cancelled():
                self.deliver(
                    {key: words_of(kit, data, self._columns) for key, (kit, data) in some.items()}
                )


class FramePage(QObject):
    """The rows of one journal's frames. GUI thread; raises JournalUnreadable if the disk fails."""

    settled = Signal()  # rows that said nothing yet say now what they are

    def __init__(
        self,
        reader: Reader,
        maker: RowMaker,
        plan: FramingPlan,
        columns: Sequence[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._maker = maker
        self._plan = plan
        self._columns = columns
        self._rows: dict[int, tuple[Place, LogRow]] = {}
        self._words: dict[int, FrameWords] = {}
        self._telling: FrameTelling | None = None

    def close(self) -> None:
        """Let the background thread go, if there is one."""
        if self._telling is not None:
            self._telling.stop()
            self._telling = None

    def clear(self) -> None:
        """Make every row anew; what kits said stays true."""
        self._rows.clear()

    def learn(self, words: Mapping[int, FrameWords]) -> None:
        """Take what kits said of frames."""
        if len(self._words) >= KEPT:
            for key in list(islice(self._words, KEPT // 2)):
                del self._words[key]
        self._words |= words

    def rows(self, places: Sequence[Place]) -> list[LogRow]:
        """Return the rows of these places; those that are gone are left out."""
        wanted = [place for place in places if self._known(place) is None]
        silent: dict[int, tuple[Kit, bytes]] = {}
        for frame in frames_at(self._reader, wanted) if wanted else ():
            kit = self._kit(frame)
            known = self._words.get(frame.place.key)
            words = known if kit is not None else FrameWords("", self._clue(frame))
            row = self._maker.make_frame(frame, self._missing(frame), words)
            if kit is not None and words is None:
                silent[row.id] = kit, frame.data
            self._keep(frame.place, row)
        if silent:
            self._ask(silent)
        found = [self._known(place) for place in places]
        for key in silent:  # made anew when they are told
            self._rows.pop(key, None)
        return [row for row in found if row is not None]

    def _known(self, place: Place) -> LogRow | None:
        kept = self._rows.get(place.key)
        return kept[1] if kept is not None and kept[0] == place else None

    def _keep(self, place: Place, row: LogRow) -> None:
        if len(self._rows) >= KEPT:
            for key in list(islice(self._rows, KEPT // 2)):
                del self._rows[key]
        self._rows[place.key] = place, row

    def _missing(self, frame: Frame) -> int:
        """Return how many bytes a frame that is held back lacks; 0 where nobody can say."""
        if shape_of(frame.place.size) is not Shape.HELD:
            return 0
        return missing_bytes(self._plan.framing_of(frame.entry.client_id), frame.data)

    def _clue(self, frame: Frame) -> str:
        """Say what a piece may be that is no whole frame."""
        if frame.place.start < 0 or shape_of(frame.place.size) is Shape.FRAME:
            return ""
        read_by = self._plan.of(frame.entry.client_id)
        return clue_text(clue_of(read_by.framing, read_by.kit, frame.data))

    def _kit(self, frame: Frame) -> Kit | None:
        """Return the kit that decodes a frame; what is no whole frame nobody decodes."""
        if frame.place.start < 0 or shape_of(frame.place.size) is not Shape.FRAME:
            return None
        kit = self._plan.of(frame.entry.client_id).kit
        return kit if kit is not None and kit.decoder is not None else None

    def _ask(self, silent: dict[int, tuple[Kit, bytes]]) -> None:
        if self._telling is None:
            self._telling = FrameTelling(self._columns, self)
            self._telling.delivered.connect(self._on_told)
            self._telling.start()
        self._telling.wanted.ask(silent)

    def _on_told(self, words: dict[int, FrameWords]) -> None:
        if self.sender() is self._telling:
            self.learn(words)
            self.settled.emit()
