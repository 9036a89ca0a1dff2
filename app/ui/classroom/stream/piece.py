"""The byte stream with its tools."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from app.journal.entry import Kind
from app.journal.errors import JournalError
from app.journal.refs import ClientRef, EntryRef
from app.models.call_entries import call_of, entry_of
from app.models.stream_source import StreamSource
from app.net.facts import ClientState
from app.teaching.habits import Habit
from app.ui.classroom.exhibit import Spoken
from app.ui.classroom.next_step import NextStep
from app.ui.classroom.piece import Piece
from app.ui.classroom.stream.chooser import ClientChooser
from app.ui.classroom.stream.facts import byte_facts
from app.ui.classroom.stream.recv_size import RecvSizeBox
from app.ui.classroom.stream.view import StreamView
from app.ui.log.speech import say_row
from app.ui.widgets import ElidedLabel, PlainLabel, SegmentedButtons
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtWidgets import QWidget

    from app.journal.entry import Entry
    from app.journal.reader import Reader
    from app.settings import Settings
    from app.ui.classroom.desk import Desk

REFRESH_MS = 66
_KINDS = {"in": Kind.IN, "out": Kind.OUT}


class StreamPiece(Piece):
    """One client's bytes, live. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self.view = StreamView(self._hint)
        super().__init__(desk, "stream", self.view, REFRESH_MS)
        self._controller = desk.controller
        self._client: ClientRef | None = None
        self._source: StreamSource | None = None
        self._clients, self._size = ClientChooser(), RecvSizeBox()
        self._direction = SegmentedButtons(
            (("in", "stream.received"), ("out", "stream.sent")), name_key="stream.direction"
        )
        self._size_name = PlainLabel(role="secondary")
        self._facts = ElidedLabel()
        self._next = NextStep(desk, self, Habit.SPLITTER)
        self._choosing = self._somebody_came = False
        self._marked = Spoken()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._size.show_size(self._controller.settings.server.recv_size_bytes)
        self._take_client()

    def _lay_out(self) -> None:
        tools: tuple[QWidget, ...] = (self._clients, self._direction, self._size_name, self._size)
        for tool in tools:
            self._bar.add_widget(tool)
        self._add_tool("naive", "mixed", self.view.show_alone, checkable=True)
        self._add_tool("follow", "follow", self.view.tail.set_follows, checkable=True)
        self.tools["follow"].setChecked(True)
        self._stack(self._next, below=self._facts)

    def _connect(self) -> None:
        controller, desk, view = self._controller, self._desk, self.view
        controller.entries_arrived.connect(self._pace.ask)
        controller.clients_joined.connect(self._on_joined)
        controller.clients_left.connect(self._pace.ask)
        controller.journal_opened.connect(self._pace.ask)
        desk.exhibit_changed.connect(self._on_exhibit)
        desk.news.connect(self._on_joined)
        controller.orders.encoding_changed.connect(self._on_encoding)
        controller.settings_changed.connect(self._on_settings)
        self._clients.chosen.connect(self.show_client)
        self._direction.changed.connect(lambda _value: self._open_source())
        self._size.changed.connect(lambda size: controller.change(recv_size_bytes=size))
        self._size.refused.connect(lambda words: self._error.show_error(words, self._size))
        view.chosen.connect(self._choose)
        view.tail.changed.connect(self.tools["follow"].setChecked)
        view.failed.connect(self._error.show_error)
        desk.call_chosen.connect(self._on_call_chosen)
        desk.log.entry_chosen.connect(self._on_entry_chosen)
        desk.spoken_changed.connect(self._on_spoken)

    def _on_settings(self, settings: Settings) -> None:
        self._size.show_size(settings.server.recv_size_bytes)

    # -- whose bytes ---------------------------------------------------------------------------

    def show_client(self, client: ClientRef) -> None:
        """Show this client's bytes, from their newest end."""
        if client in self._desk.exhibit.sessions:
            self._client = client
            self._take_client()
            self._open_source()

    def _take_client(self) -> None:
        """Offer who is there. Nobody is shown, or one has gone and others are here: the newest."""
        sessions = self._desk.exhibit.sessions
        before, shown = self._client, sessions.get(self._client) if self._client else None
        gone = shown is None or shown.state is ClientState.OFFLINE
        if gone and self.view.tail.follows:
            here = [c for c, one in sessions.items() if one.state is not ClientState.OFFLINE]
            among = here or (sessions if shown is None else ())
            self._client = max(among, key=attrgetter("number"), default=self._client)
        self._clients.show_clients(sessions, self._client)
        if before != self._client or not self._is_current:
            self._open_source()

    @property
    def _is_current(self) -> bool:
        """Whether the source reads the journal of now."""
        return self._source is not None and self._source.reader is self._desk.exhibit.reader

    def _open_source(self) -> None:
        reader = self._desk.exhibit.reader
        self._source = None
        client = self._client
        if reader is not None and client is not None and client.journal is reader.key:
            kind, encoding_of = _KINDS[self._direction.value], self._desk.exhibit.encoding_of
            self._source = StreamSource(reader, client.number, kind, encoding_of)
        self.view.set_source(self._source)
        self._show_facts(-1)

    def _on_encoding(self, clients: Sequence[ClientRef]) -> None:
        if self._source is not None and self._client in clients:
            self._source.forget()
            self._refresh()

    # -- what is shown -------------------------------------------------------------------------

    def _on_exhibit(self) -> None:
        """What is shown reads a journal that is about to be closed."""
        self._client = None
        self.view.mark(frozenset(), -1)
        self._open_source()
        self._take_client()

    def _on_joined(self) -> None:
        self._somebody_came = True
        self._pace.ask()

    def catch_up(self) -> None:
        """Take over what came, also while nobody saw it."""
        if self._somebody_came or not self._is_current:
            self._somebody_came = False
            self._take_client()
        if self._marked is not self._desk.spoken:
            self._on_spoken(self._desk.spoken)
        self.view.refresh()
        if self.view.current < 0:
            self._show_facts(-1)

    def _hint(self, offset: int) -> list[str]:
        band, recorder = self.view.band, self._desk.exhibit.recorder
        number = self.view.number_of(offset)
        return byte_facts(band, offset, number, recorder) if band is not None else []

    def _show_facts(self, offset: int) -> None:
        if offset >= 0:
            text = " · ".join(self._hint(offset))
        elif self._client and self.view.is_empty:
            text = tr("stream.no_bytes")
        else:
            text = tr("stream.how") if self._client else ""
        self._facts.setText(text)
        if offset >= 0:
            say_row(self.view, text)

    # -- choosing ------------------------------------------------------------------------------

    def _choose(self, offset: int) -> None:
        """The user chose a byte: choose the call that brought it."""
        self._show_facts(offset)
        chunk = self.view.band.chunk_at(offset) if self.view.band else None
        call = call_of(chunk, self._desk.exhibit.recorder) if chunk else None
        if call is not None:
            self._choosing = True
            self._desk.call_chosen.emit(call.id, self)
            self._choosing = False

    def _on_call_chosen(self, call_id: int, by: object) -> None:
        call, reader = self._desk.exhibit.recorder.call(call_id), self._desk.exhibit.reader
        if by is self or call is None or reader is None or not self.isVisible():
            return
        try:
            self._show_entry(entry_of(call, reader, self._desk.exhibit.recorder.clock))
        except JournalError as error:
            self._error.show_error(str(error))

    def _on_entry_chosen(self, chosen: EntryRef) -> None:
        if self._choosing or not self.isVisible():
            return
        try:
            self._show_entry(self._desk.live_entry(chosen))
        except JournalError as error:
            self._error.show_error(str(error))

    def _show_entry(self, entry: Entry | None) -> None:
        """Show a chunk: its client, its direction, its first byte."""
        if entry is not None and self._turn_to(entry):
            self.view.choose(entry.offset, entry.id)
            self._show_facts(entry.offset)

    def _on_spoken(self, spoken: Spoken) -> None:
        """Mark the bytes that the words on show are about: those of the first such call."""
        reader = self._desk.exhibit.reader
        if not self.isVisible():
            return
        self._marked = spoken
        try:
            found = list(self._entries_of(spoken, reader)) if reader is not None else []
        except JournalError as error:
            self._error.show_error(str(error))
            return
        if found and self._turn_to(found[0]):
            self.view.refresh()
            self.view.mark(frozenset(entry.id for entry in found), found[0].offset)
        else:
            self.view.mark(frozenset(), -1)

    def _entries_of(self, spoken: Spoken, reader: Reader) -> Iterator[Entry]:
        """Yield what was received or sent by those calls, or by their other halves."""
        recorder, pairs = self._desk.exhibit.recorder, self._desk.pairs
        pairs.update()
        for call_id in sorted(spoken.calls):
            call = recorder.call(call_id)
            for half in [] if call is None else [call, *pairs.partners(call_id)]:
                entry = entry_of(half, reader, recorder.clock)
                if entry is not None:
                    yield entry

    def _turn_to(self, entry: Entry) -> bool:
        """Show the client and the direction of a chunk; False: that cannot be shown."""
        reader = self._desk.exhibit.reader
        if entry.kind not in _KINDS.values() or reader is None:
            return False
        client = ClientRef(reader.key, entry.client_id)
        if client not in self._desk.exhibit.sessions:
            return False
        direction = "in" if entry.kind == Kind.IN else "out"
        if (client, direction) != (self._client, self._direction.value):
            self._client = client
            self._direction.set_value(direction)
            self._clients.show_clients(self._desk.exhibit.sessions, self._client)
            self._open_source()
        return True

    # -- the end, and looks --------------------------------------------------------------------

    def shut_down(self) -> None:
        """The journal is about to be closed."""
        super().shut_down()
        self.view.set_source(None)

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        super().retranslate()
        self._clients.setAccessibleName(tr("stream.client"))
        self._clients.setToolTip(tr("stream.client"))
        self._size_name.setText(tr("stream.size"))
        self._size.setAccessibleName(tr("stream.size"))
        self._size.setToolTip(tr("stream.size_tip"))
        self.view.restyle()
        self._show_facts(self.view.current)
