"""The detail of one entry of the log, docked at its side."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.frames.places import Shape, shape_of
from app.journal.entry import Entry, Kind
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, PlainLabel
from app.ui.widgets.titled_dock import TitledDock
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.amounts import moment_text
from app.wording.events import event_sentence

if TYPE_CHECKING:
    from app.journal.framed import Frame
    from app.models.framing_plan import ReadBy
    from app.models.log_row import LogRow
    from app.models.log_rows import LogRows
    from app.ui.log.detail_chunk import ChunkPane
    from app.ui.log.detail_frame import FramePane

_CHUNK_PLACE = 3  # below title, facts and event


class DetailDock(Worded, TitledDock):
    """Shows one entry, or one frame, of LogRows, whole. GUI thread."""

    column_wanted = Signal(str, bool)  # a field's name; whether it is to have a column
    plot_wanted = Signal(str)  # a field's name

    def __init__(self, rows: LogRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("log_detail")
        self._rows = rows
        self._wanted_id: int | None = None
        self._has_frame = False
        self._title, self._facts = HeadingLabel(), PlainLabel(role="secondary")
        self._event, self._hint = PlainLabel(), PlainLabel(role="secondary")
        for label in (self._title, self._facts, self._event, self._hint):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        rows.altered.connect(self._on_altered)
        self.dress()

    def _lay_out(self) -> None:
        whole = _Body()
        self._column = QVBoxLayout(whole)
        for label in (self._title, self._facts, self._event):
            self._column.addWidget(label)
        self._column.addStretch(0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._hint)
        self._stack.addWidget(whole)
        self.setWidget(self._stack)

    @cached_property
    def chunk(self) -> ChunkPane:
        """What shows a chunk's bytes; made for the first entry that is looked at."""
        from app.ui.log.detail_chunk import ChunkPane

        pane = ChunkPane()
        self._column.insertWidget(_CHUNK_PLACE, pane, 1)
        return pane

    @cached_property
    def frame(self) -> FramePane:
        """What shows a frame; made for the first one that is looked at."""
        from app.ui.log.detail_frame import FramePane

        pane = FramePane()
        pane.column_wanted.connect(self.column_wanted)
        pane.plot_wanted.connect(self.plot_wanted)
        self._column.insertWidget(_CHUNK_PLACE, pane, 1)
        self._has_frame = True
        return pane

    @property
    def entry_id(self) -> int | None:
        """The entry shown, or None."""
        return self._wanted_id

    @property
    def facts(self) -> str:
        """What is said about the entry: who, when, how much."""
        return f"{self._title.text()}\n{self._facts.text()}"

    @property
    def marked(self) -> bytes:
        """The bytes that are marked in a frame that is looked at, or all of it; b"" for none."""
        looked_at = self._has_frame and self.isVisible() and self.frame.isVisible()
        return self.frame.marked if looked_at else b""

    def show_entry(self, entry_id: int, part: int = 0) -> None:
        """Show an entry; say so if it has been deleted."""
        self._wanted_id = entry_id
        self._load(part)

    def clear(self) -> None:
        """Show nothing."""
        self._wanted_id = None
        self._load(0)

    def shut_down(self) -> None:
        """Cancel what is at work."""
        if self._has_frame:
            self.frame.shut_down()

    def _on_altered(self) -> None:
        # Another encoding, another language, another journal.
        if self._wanted_id is not None and self.isVisible():
            self._load(self.chunk.index)

    def _load(self, part: int) -> None:
        entry_id = self._wanted_id
        entry = self._rows.entry(entry_id) if entry_id is not None else None
        self._hint.setText(tr("log.detail_none" if entry_id is None else "log.detail_gone"))
        self._stack.setCurrentIndex(0 if entry is None else 1)
        if entry is None:
            return
        frame = self._rows.frame(entry_id) if entry_id is not None else None
        if self._has_frame or frame is not None:
            self.frame.setVisible(frame is not None)
        is_chunk = entry.kind <= Kind.OUT
        self.chunk.setVisible(is_chunk and frame is None)
        self._event.setVisible(not is_chunk)
        if frame is not None:
            self._show_frame(frame)
        elif is_chunk:
            self._show_chunk(entry, part)
        else:
            self._title.setText(f"{tr('log.detail_event')} {self._client(entry)}".strip())
            self._facts.setText(moment_text(entry.time_ns))
            self._event.setText(event_sentence(entry))

    def _show_frame(self, frame: Frame) -> None:
        plan, decoder, entry = self._rows.plan, self._rows.decoder, frame.entry
        if plan is None or decoder is None:
            return
        self._title.setText(self._of(entry))
        shape, read_by = shape_of(frame.place.size), plan.of(entry.client_id)
        told = "" if shape is Shape.FRAME else _clue(read_by, frame.data)
        self._say_facts(entry, frame.place.start, len(frame.data), [told] if told else [])
        self.frame.show_frame(
            frame.data,
            decoder.encoding(entry).name,
            None if shape is Shape.JUNK else read_by.kit,
            self._rows.columns,
        )

    def _of(self, entry: Entry) -> str:
        key = "log.detail_received" if entry.kind == Kind.IN else "log.detail_sent"
        return tr(key, client=self._client(entry))

    def _say_facts(self, entry: Entry, offset: int, size: int, more: list[str]) -> None:
        facts = tr(
            "log.detail_facts",
            size=tr("log.exact_bytes", n=size),
            start=f"{offset:,}",
            end=f"{offset + size:,}",
        )
        self._facts.setText("\n".join([moment_text(entry.time_ns), facts, *more]))

    def _show_chunk(self, entry: Entry, part: int) -> None:
        decoder = self._rows.decoder
        if decoder is None:
            return
        self._title.setText(self._of(entry))
        lines: list[str] = []
        shown = decoder.decode(entry, limit_bytes=None)
        if shown.continues:
            lines.append(tr("log.detail_continues"))
        if shown.waiting_bytes:
            lines.append(tr("log.detail_waits", n=shown.waiting_bytes))
        row = self._row()
        if row is not None and row.filled:
            lines.append(tr("log.detail_filled"))
        self._say_facts(entry, entry.offset, len(entry.data), lines)
        self.chunk.show_chunk(entry, decoder, part)

    def _row(self) -> LogRow | None:
        return self._rows.row(self._wanted_id) if self._wanted_id is not None else None

    def _client(self, entry: Entry) -> str:
        row = self._row()
        return f"{row.client_text} {row.address}".strip() if row else ""

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("log.detail_title"))
        self._load(self.chunk.index if self._wanted_id is not None else 0)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(12), px(8), px(12), px(8))
        self._column.setSpacing(px(6))
        self._hint.setContentsMargins(px(24), px(24), px(24), px(24))


def _clue(read_by: ReadBy, data: bytes) -> str:
    """Say what a piece may be that is no whole frame."""
    from app.frames.clue import clue_of  # not for the first picture
    from app.wording.frames import clue_text

    return clue_text(clue_of(read_by.framing, read_by.kit, data))


class _Body(QWidget):
    """What the dock holds: as wide as a hex dump of eight bytes a line."""

    def sizeHint(self) -> QSize:
        """A column beside the log."""
        return QSize(theme().px(380), theme().px(600))

    def minimumSizeHint(self) -> QSize:
        """Room for four bytes a line, and for the headings."""
        return QSize(theme().px(280), theme().px(300))
