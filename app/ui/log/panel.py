"""The log with its tools: filter, find, modes, pause, clear, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from app.models.log_filter import DIRECTIONS, LogFilter
from app.models.log_gather import Clip, CopyForm, GatherOrder, LogCopy, LogExport
from app.models.log_rows import LogRows
from app.models.log_search import LogSearch, SearchOrder, SearchResult
from app.models.log_task import TaskSlot
from app.ui.log.bar import LogBar
from app.ui.log.detail import DetailDock
from app.ui.log.view import LogView
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.journal.needle import Needle
    from app.journal.reader import Reader
    from app.net.facts import Endpoint

COUNT_MS = 250  # how often the pause button counts
NEWS_MS = 6000  # how long a short notice stays


class LogPanel(QWidget):
    """Rows, view, bar and detail dock, and the background work on them. GUI thread."""

    mode_changed = Signal(str)
    follow_changed = Signal(bool)
    paused_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = LogRows(self)
        self.view = LogView(self.rows, self)
        self.bar = LogBar(self)
        self.detail_dock = DetailDock(self.rows, self)
        self._news = PlainLabel("", self, role="secondary")
        self._news.hide()
        self._empty: QWidget | None = None
        self._selected: tuple[int, ...] = ()
        self._search, self._gather = TaskSlot(), TaskSlot()
        self._news_timer = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news_timer.timeout.connect(self._news.hide)
        self._count_timer = QTimer(self, interval=COUNT_MS)
        self._count_timer.timeout.connect(self._show_waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        column.addWidget(self._news)
        self._connect()
        self._retranslate()

    def _connect(self) -> None:
        bar, view, rows = self.bar, self.view, self.rows
        bar.mode.changed.connect(self._on_mode)
        bar.filter_changed.connect(self._apply_filter)
        bar.find_next.connect(self.find_next)
        bar.find_previous.connect(self.find_previous)
        bar.find_stopped.connect(self._stop_search)
        bar.needle_changed.connect(view.set_marked)
        bar.pause_clicked.connect(self.toggle_pause)
        bar.clear_clicked.connect(self.clear_view)
        bar.show_all_clicked.connect(self.show_all)
        bar.export_clicked.connect(self.export)
        view.follow_changed.connect(self.follow_changed)
        view.detail_requested.connect(self._show_detail)
        view.current_changed.connect(self._on_current)
        view.copy_requested.connect(self.copy)
        view.menu_requested.connect(self._show_menu)
        view.copy = self.copy  # type: ignore[attr-defined]
        rows.changed.connect(self._show_emptiness)
        rows.altered.connect(self._show_emptiness)
        rows.filling_changed.connect(lambda _on: self._show_emptiness())
        rows.failed.connect(lambda why: self._tell(tr("log.read_failed", reason=why)))

    # -- what the window tells -------------------------------------------------------------

    def set_source(
        self,
        reader: Reader | None,
        encoding_of: Callable[[int], str],
        client_name: Callable[[int], Endpoint | None],
    ) -> None:
        """Show another journal, or none."""
        self._search.stop()
        self._gather.stop()
        self.detail_dock.clear()
        self.rows.set_source(reader, encoding_of, client_name)
        self._show_paused()
        if reader is not None:
            self.view.set_follows(True)

    def entries_arrived(self, last_id: int) -> None:
        """The journal has grown."""
        self.rows.entries_arrived(last_id)

    def forget(self, client_id: int) -> None:
        """A client is read in another encoding from now on."""
        self.rows.forget(client_id)

    def show_only(self, client_id: int) -> None:
        """Show this client's entries and no others."""
        self.bar.choose_clients((client_id,))
        self._apply_filter()

    def set_selected_clients(self, client_ids: Sequence[int]) -> None:
        """The clients selected in the table, offered by the filter."""
        self._selected = tuple(client_ids)
        self.bar.offer_selected(self._selected)

    def set_mode(self, mode: str) -> None:
        """Show "text", "hex" or "mixed"."""
        self.bar.mode.set_value(mode)
        self.view.set_mode(mode)

    def set_follow(self, on: bool) -> None:
        """Follow the tail, or stay."""
        if on != self.view.follows:
            self.view.set_follows(on)

    def set_empty_widget(self, widget: QWidget) -> None:
        """Show `widget` while the journal has nothing to show."""
        self._empty = widget
        widget.setParent(self.view)
        self._place_empty()
        self._show_emptiness()

    def shut_down(self) -> None:
        """End all background work and let the journal go."""
        self._search.stop()
        self._gather.stop()
        self.rows.close_source()

    # -- the user --------------------------------------------------------------------------

    def _on_mode(self, mode: str) -> None:
        self.view.set_mode(mode)
        self.mode_changed.emit(mode)

    def _apply_filter(self) -> None:
        clients = self.bar.chosen_clients()
        kinds = DIRECTIONS[self.bar.direction()]
        self.rows.set_filter(LogFilter(None if clients is None else frozenset(clients), kinds))

    def toggle_pause(self) -> None:
        """Hold the view, or let come what waited."""
        self.rows.set_paused(not self.rows.is_paused)
        self._show_paused()

    def _show_paused(self) -> None:
        paused = self.rows.is_paused
        self.bar.show_paused(paused, 0)
        self.paused_changed.emit(paused)
        if paused:
            self._count_timer.start()
        else:
            self._count_timer.stop()

    def _show_waiting(self) -> None:
        self.bar.show_paused(True, self.rows.waiting_count)

    def clear_view(self) -> None:
        """Show only what comes from now on."""
        self.rows.clear_view()
        self.view.clear_selection()

    def show_all(self) -> None:
        """Show again what was cleared."""
        self.rows.show_all()

    def _show_detail(self, entry_id: int) -> None:
        self.detail_dock.show_entry(entry_id)
        self.detail_dock.show()
        self.detail_dock.raise_()

    def _on_current(self, entry_id: int) -> None:
        if self.detail_dock.isVisible():
            self.detail_dock.show_entry(entry_id)

    # -- find ------------------------------------------------------------------------------

    def focus_find(self) -> None:
        """Ctrl+F."""
        self.bar.focus_find()

    def find_next(self) -> None:
        """The next match after the current row, round the end if need be."""
        self._find(forward=True)

    def find_previous(self) -> None:
        """The match before the current row, round the beginning if need be."""
        self._find(forward=False)

    def _find(self, *, forward: bool) -> None:
        needle = self.bar.needle()
        new_reader, rows = self.rows.new_reader, self.rows
        if needle is None or new_reader is None or not rows.count:
            if needle is not None:
                self._tell(tr("log.find_none"))
            return
        search = LogSearch(new_reader, self._order(needle, forward), self)
        search.progressed.connect(self._on_search_progress)
        search.done.connect(lambda result: self._on_found(result, forward))
        search.failed.connect(lambda why: self._tell(tr("log.read_failed", reason=why)))
        search.ended.connect(lambda: self.bar.show_search(None))
        self.bar.show_search(0)
        self._search.start(search)

    def _order(self, needle: Needle, forward: bool) -> SearchOrder:
        rows = self.rows
        low, high = rows.id_at(0), rows.last_shown_id
        current = self.view.selection.current
        start = current if current is not None else (low - 1 if forward else high + 1)
        return SearchOrder(
            needle, forward, start, low, high, rows.filter, rows.chosen_encodings,
            rows.default_encoding,
        )  # fmt: skip

    def _on_search_progress(self, done: int, total: int) -> None:
        self.bar.show_search(done * 100 // max(total, 1))

    def _on_found(self, result: SearchResult, forward: bool) -> None:
        if result.match is None:
            self._tell(tr("log.find_none"))
            return
        if result.hidden:
            self.rows.show_all()
            self._tell(tr("log.find_hidden"))
        elif result.wrapped:
            self._tell(tr("log.find_wrapped" if forward else "log.find_wrapped_back"))
        self.view.show_entry(result.match.entry_id)

    def _stop_search(self) -> None:
        self._search.cancel()
        self.bar.show_search(None)

    # -- copy and export -------------------------------------------------------------------

    def copy(self, form: CopyForm = CopyForm.LINES) -> None:
        """Put the selected rows into the clipboard."""
        new_reader = self.rows.new_reader
        ranges = self.view.selection.ranges
        if new_reader is None or not ranges:
            return
        task = LogCopy(new_reader, self._gathering(ranges), form, self)
        task.done.connect(self._on_copied)
        task.failed.connect(lambda why: self._tell(tr("log.read_failed", reason=why)))
        self._gather.start(task)

    def _on_copied(self, clip: Clip) -> None:
        QGuiApplication.clipboard().setText(clip.text)
        key = "log.copied" if clip.complete else "log.copied_part"
        self._tell(tr(key, n=clip.entries))

    def export(self) -> None:
        """Save the shown entries as text."""
        if self.rows.new_reader is None or not self.rows.count:
            self._tell(tr("log.none_yet"))
            return
        name, _ = QFileDialog.getSaveFileName(
            self, tr("log.export_title"), tr("log.export_name") + ".txt", tr("log.export_filter")
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write what is shown to `path` in the background, with progress and a way to stop."""
        new_reader = self.rows.new_reader
        if new_reader is None or not self.rows.count:
            return
        ranges = ((self.rows.id_at(0), self.rows.last_shown_id),)
        task = LogExport(new_reader, self._gathering(ranges), path, self)
        task.progressed.connect(
            lambda done, total: self.bar.show_export(done * 100 // max(total, 1))
        )
        task.done.connect(lambda n: self._tell(tr("log.export_done", n=n, name=path.name)))
        task.failed.connect(
            lambda why: self._tell(tr("log.export_failed", name=path.name, reason=why))
        )
        task.ended.connect(lambda: self.bar.show_export(None))
        self.bar.show_export(0)
        self.bar.on_export_stopped(self._gather.cancel)
        self._gather.start(task)

    def _gathering(self, ranges: Sequence[tuple[int, int]]) -> GatherOrder:
        rows = self.rows
        return GatherOrder(ranges, rows.filter, rows.chosen_encodings, rows.default_encoding)

    def _show_menu(self, at: QPoint) -> None:
        current = self.view.selection.current
        row = self.rows.row(current) if current is not None else None
        menu = QMenu(self)

        def entry(key: str, icon: str, act: Callable[[], object], enabled: bool = True) -> None:
            action = menu.addAction(theme().icon(icon), tr(f"log.{key}"))
            action.setEnabled(enabled)
            action.triggered.connect(lambda: act())

        some = bool(self.view.selection)
        entry("menu_copy", "copy", self.copy, some)
        entry("menu_copy_content", "text", lambda: self.copy(CopyForm.CONTENT), some)
        entry("menu_copy_hex", "hex", lambda: self.copy(CopyForm.HEX), some)
        menu.addSeparator()
        if row is not None and row.client_id:
            entry("menu_only_client", "filter", lambda: self.show_only(row.client_id))
        entry(
            "menu_all_clients",
            "client",
            self._show_all_clients,
            self.rows.filter.clients is not None,
        )
        if row is not None:
            entry("menu_details", "info", lambda: self._show_detail(row.entry_id))
        entry("menu_select_all", "check", self.view.select_all)
        menu.exec(at)
        menu.deleteLater()

    def _show_all_clients(self) -> None:
        self.bar.choose_clients(None)
        self._apply_filter()

    # -- looks -----------------------------------------------------------------------------

    def _tell(self, text: str) -> None:
        self._news.setText(text)
        self._news.show()
        self._news_timer.start()

    def _show_emptiness(self) -> None:
        rows = self.rows
        bare = not rows.count and rows.filter.is_open and not rows.is_cleared
        if self._empty is not None:
            self._empty.setVisible(bare)
            if bare:
                self._place_empty()
        if rows.count or (bare and self._empty is not None):
            self.view.set_placeholder("")
        elif rows.is_filling:
            self.view.set_placeholder(tr("log.filling"))
        else:
            self.view.set_placeholder(
                tr("log.none_cleared" if rows.is_cleared else "log.none_match")
            )
        self.bar.show_cleared(rows.is_cleared)

    def _place_empty(self) -> None:
        if self._empty is not None:
            self._empty.setGeometry(self.view.rect().adjusted(2, 2, -2, -2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the empty state in the middle of the view."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._place_empty)

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.rows.retranslate()
        self._show_emptiness()
