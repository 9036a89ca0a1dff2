"""The call trace with its filters."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QVBoxLayout, QWidget

from app.journal.errors import JournalError
from app.models.call_entries import call_of, entry_of
from app.models.call_export import as_csv, as_text
from app.models.call_rows import CALLS, CallFilter, CallRows
from app.ui.classroom.calls.view import CallsView
from app.ui.classroom.dock import is_seen
from app.ui.theme import theme
from app.ui.widgets import ElidedLabel, FieldError, OverflowBar
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.classroom.desk import Desk

REFRESH_MS = 100  # nobody reads thirty new lists a second
_ICONS = {
    "follow": "follow", "pause": "pause", "waits": "history", "copy": "copy", "export": "export",
}  # fmt: skip


class CallsPiece(QWidget):
    """Calls, live. Choosing one chooses its span and its row of the log, and back. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.rows = CallRows(desk.classroom.recorder)
        self.view = CallsView(self.rows)
        self._threads, self._names = QComboBox(), QComboBox()
        self._bar, self._note, self._error = OverflowBar(), ElidedLabel(), FieldError()
        self._actions: dict[str, QAction] = {}
        self._later = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._later.timeout.connect(self._refresh)
        self._choosing = False
        self._lay_out()
        self._connect()
        self._restyle()
        self._retranslate()
        self._begin()
        self.view.show_call(desk.chosen_call)

    def _lay_out(self) -> None:
        self._bar.add_widget(self._threads)
        self._bar.add_widget(self._names)
        self._add("follow", self.view.set_follows, checkable=True)
        self._add("pause", self._on_pause, checkable=True)
        self._add("waits", lambda _on: self._apply_filter(), checkable=True)
        self._add("copy", lambda _on: self.copy())
        self._add("export", lambda _on: self._ask_where())
        self._column = QVBoxLayout(self)
        for widget in (self._bar, self._error, self._note):
            self._column.addWidget(widget)
        self._column.addWidget(self.view, 1)

    def _add(self, name: str, order: Callable[[bool], object], *, checkable: bool = False) -> None:
        action = QAction(theme().icon(_ICONS[name]), "", self)
        action.setCheckable(checkable)
        action.triggered.connect(order)
        self._actions[name] = action
        self._bar.add_action(action)

    def _connect(self) -> None:
        classroom, desk, view = self._desk.classroom, self._desk, self.view
        classroom.started.connect(self._begin)
        classroom.news.connect(self._on_news)
        view.chosen.connect(self._choose)
        view.copy_requested.connect(self.copy)
        view.follows_changed.connect(self._actions["follow"].setChecked)
        desk.call_chosen.connect(self._on_call_chosen)
        desk.log.view.current_changed.connect(self._on_entry_chosen)
        self._threads.activated.connect(lambda _: self._apply_filter())
        self._names.activated.connect(lambda _: self._apply_filter())
        theme().changed.connect(self._restyle)

    # -- what is shown -------------------------------------------------------------------------

    def _begin(self) -> None:
        self._actions["pause"].setChecked(False)
        self.rows.set_recorder(self._desk.classroom.recorder)
        self.view.set_follows(True)
        self._actions["follow"].setChecked(True)
        self._threads.clear()
        self._threads.addItem(tr("calls.every_thread"), 0)
        self._fill_threads()
        self._apply_filter()

    def _on_news(self) -> None:
        if not self._later.isActive() and not self._actions["pause"].isChecked():
            self._later.start()

    def _refresh(self) -> None:
        if is_seen(self):
            self.catch_up()

    def catch_up(self) -> None:
        """Take over what came, also while nobody saw it."""
        if self._actions["pause"].isChecked():
            return
        self.rows.update()
        self._fill_threads()
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
            combo.addItem(lane.name, lane.number)

    def _apply_filter(self) -> None:
        waits = self._actions["waits"].isChecked()
        self.rows.set_filter(
            CallFilter(self._threads.currentData() or 0, self._names.currentData() or "", waits)
        )

    # -- choosing ------------------------------------------------------------------------------

    def _choose(self, call_id: int) -> None:
        self._desk.call_chosen.emit(call_id, self)
        self._show_entry(call_id)

    def _on_call_chosen(self, call_id: int, by: object) -> None:
        if by is not self:
            self.catch_up()
            self.view.show_call(call_id)
            self._show_entry(call_id)

    def _show_entry(self, call_id: int) -> None:
        """Show the row of the log that a call made."""
        call, reader = self.rows.recorder.call(call_id), self._desk.controller.reader
        if call is None or reader is None or self._choosing:
            return
        try:
            entry = entry_of(call, reader)
        except JournalError:  # the log says so in its place
            return
        if entry is not None:
            self._choosing = True
            self._desk.log.view.show_entry(entry.id)
            self._choosing = False

    def _on_entry_chosen(self, entry_id: int) -> None:
        """The user chose a row of the log: choose the call that made it."""
        reader = self._desk.controller.reader
        if self._choosing or reader is None or not self._desk.classroom.is_recording:
            return
        try:
            entry = reader.entry(entry_id)
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
        rows = self.view.selected_rows() or range(self.rows.rowCount())
        QGuiApplication.clipboard().setText("\n".join(map(self.rows.line, rows)))

    def _ask_where(self) -> None:
        kinds = f"{tr('calls.text_files')} (*.txt);;CSV (*.csv)"
        path, _ = QFileDialog.getSaveFileName(self, tr("calls.export"), "portside-calls.txt", kinds)
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the calls on show as text or CSV; say so if that fails."""
        rows = self.rows
        write = as_csv if path.suffix.lower() == ".csv" else as_text
        calls = [rows.call(row) for row in range(rows.rowCount())]
        text = write(calls, rows.thread_name, rows.recorder.started_ns)
        try:
            # A spreadsheet knows UTF-8 by its mark only.
            path.write_text(text, encoding="utf-8-sig" if write is as_csv else "utf-8", newline="")
        except OSError as error:
            reason = error.strerror or str(error)
            self._error.show_error(tr("timeline.save_failed", path=str(path), reason=reason))
        else:
            self._error.clear_error()

    # -- looks ---------------------------------------------------------------------------------

    def _restyle(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(8), px(4), px(8), px(8))
        self._column.setSpacing(px(4))

    def _retranslate(self) -> None:
        self.view.setAccessibleName(tr("classroom.calls"))
        self._threads.setAccessibleName(tr("calls.threads"))
        self._names.setAccessibleName(tr("calls.names"))
        self._threads.setItemText(0, tr("calls.every_thread"))
        chosen = self._names.currentIndex()
        self._names.clear()
        self._names.addItem(tr("calls.every_call"), "")
        for name in CALLS:
            self._names.addItem("Thread.start" if name == "start" else name, name)
        self._names.setCurrentIndex(max(chosen, 0))
        for name, action in self._actions.items():
            action.setText(tr(f"calls.{name}"))
            action.setToolTip(tr(f"calls.{name}_tip"))

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
