"""The call trace with its filters."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from app.journal.errors import JournalError
from app.journal.refs import EntryRef
from app.models.call_entries import call_of, entry_of
from app.models.call_export import as_lines, csv_pieces, text_pieces
from app.models.call_rows import CALLS, CallFilter, CallRows
from app.models.file_task import FileTask
from app.models.task import Task, TaskSlot
from app.ui.classroom.calls.view import CallsView
from app.ui.classroom.piece import Piece, is_seen
from app.ui.widgets import ElidedLabel
from app.ui.widgets.eliding_combo import ElidingCombo
from app.wording import tr
from app.wording.lanes import lane_name

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.classroom.desk import Desk
    from app.ui.classroom.exhibit import Spoken

REFRESH_MS = 100  # nobody reads thirty new lists a second
BATCH = 1_000  # calls written at a time


class CallsPiece(Piece):
    """Calls, live. Choosing one chooses its span and its row of the log, and back. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self.rows = CallRows(desk.pairs)
        self.view = CallsView(self.rows)
        super().__init__(desk, "calls", self.view, REFRESH_MS)
        self._threads, self._names = ElidingCombo(), ElidingCombo()
        self._note = ElidedLabel()
        self._copies = TaskSlot(self)
        self._copies.done.connect(lambda text: QGuiApplication.clipboard().setText(text))
        self._choosing = False
        self._lay_out()
        self._connect()
        self.retranslate()
        self._begin()
        self.view.show_call(desk.chosen_call)
        self._on_spoken(desk.spoken)

    def _lay_out(self) -> None:
        for combo, widest in ((self._threads, "worker-1234"), (self._names, "Thread.start")):
            combo.setMinimumContentsLength(len(widest))
            self._bar.add_widget(combo)
        self._add_tool("follow", "follow", self.view.tail.set_follows, checkable=True)
        self._add_tool("pause", "pause", self._on_pause, checkable=True)
        self._add_tool("waits", "history", lambda _on: self._apply_filter(), checkable=True)
        self._add_tool("copy", "copy", lambda _on: self.copy())
        self._add_tool("export", "export", lambda _on: self._ask_where())
        self._stack(self._note)

    def _connect(self) -> None:
        desk, view = self._desk, self.view
        desk.exhibit_changed.connect(self._begin)
        desk.news.connect(self._on_news)
        view.chosen.connect(self._choose)
        view.copy_requested.connect(self.copy)
        view.tail.changed.connect(self.tools["follow"].setChecked)
        desk.call_chosen.connect(self._on_call_chosen)
        desk.spoken_changed.connect(self._on_spoken)
        desk.log.entry_chosen.connect(self._on_entry_chosen)
        self._threads.activated.connect(lambda _: self._apply_filter())
        self._names.activated.connect(lambda _: self._apply_filter())

    # -- what is shown -------------------------------------------------------------------------

    def _begin(self) -> None:
        self.tools["pause"].setChecked(False)
        self.rows.set_pairs(self._desk.pairs)
        self.view.tail.set_follows(True)
        self.tools["follow"].setChecked(True)
        self._threads.clear()
        self._threads.addItem(tr("calls.every_thread"), 0)
        self._fill_threads()
        self._apply_filter()

    def _on_news(self) -> None:
        if not self.tools["pause"].isChecked():
            self._pace.ask()

    def catch_up(self) -> None:
        """Take over what came, also while nobody saw it."""
        if self.tools["pause"].isChecked():
            return
        self.rows.update()
        self._fill_threads()
        self._say_if_empty()
        self._show_let_go()

    def _show_let_go(self) -> None:
        let_go = self.rows.recorder.let_go
        self._note.setVisible(bool(let_go))
        self._note.setText(tr("timeline.let_go", n=f"{let_go:,}"))

    def _on_pause(self, on: bool) -> None:
        if not on:
            self._refresh()

    def _fill_threads(self) -> None:
        """Offer every thread; what is chosen stays chosen."""
        combo, lanes = self._threads, self.rows.recorder.lanes()
        if combo.view().isVisible():
            return
        newest = combo.itemData(combo.count() - 1)
        for lane in lanes[bisect_right(lanes, newest, key=attrgetter("number")) :]:
            combo.addItem(lane_name(lane), lane.number)

    def _apply_filter(self) -> None:
        waits = self.tools["waits"].isChecked()
        self.rows.set_filter(
            CallFilter(self._threads.currentData() or 0, self._names.currentData() or "", waits)
        )
        self._say_if_empty()

    def _say_if_empty(self) -> None:
        self.view.say("" if self.rows.rowCount() else tr(f"calls.{self._emptiness}"))

    @property
    def _emptiness(self) -> str:
        """Why there is nothing to show: the key of a sentence."""
        return "none_yet" if self.rows.filter.is_default else "none_pass"

    # -- choosing ------------------------------------------------------------------------------

    def _choose(self, call_id: int) -> None:
        self._desk.call_chosen.emit(call_id, self)
        self._show_entry(call_id)

    def _on_call_chosen(self, call_id: int, by: object) -> None:
        if by is not self:
            self.catch_up()
            self.view.show_call(call_id)
            self._show_entry(call_id)

    def _on_spoken(self, spoken: Spoken) -> None:
        """Mark the calls that the words on show are about, and bring the first into sight."""
        if is_seen(self):
            self.catch_up()
        self.view.mark(spoken.calls)

    def _show_entry(self, call_id: int) -> None:
        """Show the row of the log that a call made."""
        call, reader = self.rows.recorder.call(call_id), self._desk.exhibit.reader
        if call is None or reader is None or self._choosing:
            return
        try:
            entry = entry_of(call, reader, self.rows.recorder.clock)
        except JournalError:  # the log says so in its place
            return
        if entry is not None:
            self._choosing = True
            self._desk.log.show_entry(EntryRef(reader.key, entry.id))
            self._choosing = False

    def _on_entry_chosen(self, chosen: EntryRef) -> None:
        """The user chose a row of the log: choose the call that made it."""
        if self._choosing or not self._desk.exhibit.is_recording:
            return
        try:
            entry = self._desk.live_entry(chosen)
        except JournalError:
            return
        call = call_of(entry, self.rows.recorder) if entry is not None else None
        if call is not None:
            self._choosing = True
            self.catch_up()
            self.view.show_call(call.id)
            self._desk.call_chosen.emit(call.id, self)
            self._choosing = False

    # -- taking home ---------------------------------------------------------------------------

    def copy(self) -> None:
        """Copy the selected calls, or all of them."""
        calls, names = self.rows.calls(self.view.selected_ranges()), self.rows.thread_names()
        self._copies.start(Task("calls-copy", lambda task: as_lines(calls, names, task.cancelled)))

    def _ask_where(self) -> None:
        kinds = f"{tr('calls.text_files')} (*.txt);;CSV (*.csv)"
        path = self.saving.ask(tr("calls.export"), "portside-calls.txt", kinds)
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the calls on show as text or CSV, and say how it goes."""
        calls, names = self.rows.calls(), self.rows.thread_names()
        pieces = csv_pieces if path.suffix.lower() == ".csv" else text_pieces
        begin_ns = self.rows.recorder.started_ns
        task = FileTask(
            "calls-export", path, pieces(calls, names, begin_ns, BATCH), len(calls) // BATCH + 1
        )
        self.saving.write(task, path, lambda _pieces: tr("saving.done", path=str(path)))

    def shut_down(self) -> None:
        """The window closes."""
        super().shut_down()
        self._copies.stop()

    # -- looks ---------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        super().retranslate()
        self._threads.setAccessibleName(tr("calls.threads"))
        self._names.setAccessibleName(tr("calls.names"))
        self._threads.setItemText(0, tr("calls.every_thread"))
        chosen = self._names.currentIndex()
        self._names.clear()
        self._names.addItem(tr("calls.every_call"), "")
        for name in CALLS:
            self._names.addItem("Thread.start" if name == "start" else name, name)
        self._names.setCurrentIndex(max(chosen, 0))
        self._say_if_empty()
        self._show_let_go()
