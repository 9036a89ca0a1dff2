"""The log with its tools: what the window puts between the client table and the composer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.journal.errors import JournalError
from app.journal.refs import ClientRef, EntryRef, JournalKey
from app.models.log_filter import LogFilter
from app.models.log_rows import LogRows
from app.ui.log.bookmarks import LogBookmarks
from app.ui.log.detail import DetailDock
from app.ui.log.filters import LogFilters
from app.ui.log.framing import LogFraming
from app.ui.log.output import LogOutput
from app.ui.log.placeholder import placeholder
from app.ui.log.searching import LogFinder
from app.ui.log.to_end import ToEndButton
from app.ui.log.tools import LogTools
from app.ui.log.view import LogView
from app.ui.theme import theme
from app.ui.widgets import FootBanner
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from app.journal.entry import ClientRecord
    from app.journal.reader import Reader
    from app.models.log_gather import CopyForm
    from app.net.facts import Endpoint
    from app.ui.actions import Actions

COUNT_MS = 250  # between two counts of what waits during a pause


class LogPanel(Worded, QWidget):
    """Rows, view, tools and detail of one journal at a time. GUI thread.

    `shut_down`, or `set_source` with None, must come before the journal is closed.
    """

    mode_changed = Signal(str)  # by the user: "text", "hex" or "mixed"
    follow_changed = Signal(bool)  # by the user
    abilities_changed = Signal()  # `why_not` says something else
    row_wanted = Signal(str, object, object)  # for a "rule", "again" or "edit"; LogRow, its bytes
    entry_chosen = Signal(object)  # EntryRef: the current row is another one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)  # else all that is behind it is painted with each frame
        self.rows = LogRows(self)
        self.tools = LogTools(self._newest_clients)
        self.view = LogView(self.rows)
        self.detail_dock = DetailDock(self.rows, self)
        self.detail_dock.hide()
        self._to_end = ToEndButton(self.view)
        self._notice = FootBanner(self.view)
        self.output = LogOutput(self.rows, self._notice, self)
        self.finder = LogFinder(self.rows, self.view, self.tools.finder, self._notice, self)
        self.framing = LogFraming(self.rows, self.view, self.tools, self)
        self.bookmarks = LogBookmarks(self.rows, self.view, self._notice, self)
        self.filters = LogFilters(self.rows, self.view, self)
        self._commands: Actions  # by `take_commands`
        self._told: dict[str, str] = {}  # what `why_not` said last
        self._counting = QTimer(self, interval=COUNT_MS)
        self._counting.timeout.connect(self._show_pause)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.tools)
        self._column.addWidget(self.view, 1)
        self._connect()
        self.dress()

    def _connect(self) -> None:
        rows, view, tools = self.rows, self.view, self.tools
        rows.changed.connect(self._show_state)
        rows.altered.connect(self._show_state)
        rows.filling_changed.connect(self._show_state)
        self.framing.framings.changed.connect(self._tell_abilities)
        self.bookmarks.changed.connect(self._tell_abilities)
        rows.failed.connect(self._on_failed)
        tools.filter_changed.connect(self._apply_filter)
        self.filters.changed.connect(self._apply_filter)
        tools.clients.refused.connect(lambda words: self._notice.say(lambda: words))
        tools.modes.changed.connect(view.set_mode)
        tools.modes.changed.connect(self.mode_changed)
        tools.finder.needle_changed.connect(self._tell_abilities)
        tools.finder.left.connect(view.setFocus)
        view.copy_requested.connect(self.copy)
        view.detail_requested.connect(self.show_detail)
        view.current_changed.connect(self._on_current)
        view.menu_requested.connect(self._show_menu)
        view.follow_changed.connect(self._on_follow)
        self._to_end.clicked.connect(self._go_to_end)
        self.detail_dock.column_wanted.connect(self.framing.show_column)
        self.detail_dock.plot_wanted.connect(self.framing.plot)
        view.header.removed.connect(lambda name: self.framing.show_column(name, False))
        self.detail_dock.visibilityChanged.connect(self._on_detail_visible)

    # Commands

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over the log do."""
        parts = self.framing.handlers() | self.bookmarks.handlers() | self.filters.handlers()
        return parts | {
            "export_log": lambda: self.output.export(self.view.selection.ranges),
            "save_copy": self.output.save_copy,
            "find": self.focus_find,
            "find_next": self.finder.find_next,
            "find_previous": self.finder.find_previous,
            "clear_view": self.clear_view,
            "show_all": self.rows.show_all,
            "pause": self.set_paused,
            "show_detail": self.detail_dock.setVisible,
            "focus_log": self.view.setFocus,
        }

    def take_commands(self, commands: Actions) -> None:
        """Offer these as buttons and in the menu."""
        self._commands = commands
        self.tools.add_buttons(commands)
        self.detail_dock.visibilityChanged.connect(commands["show_detail"].setChecked)
        self.framing.unit_changed.connect(commands["frames"].setChecked)

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        nothing = "" if self.rows.count else "log.why_no_rows"
        no_needle = "" if self.tools.finder.has_text else "log.why_no_needle"
        parts = self.framing.why_not() | self.bookmarks.why_not()
        return parts | {
            "find_next": no_needle,
            "find_previous": no_needle,
            "export_log": nothing,
            "save_copy": "" if self.rows.reader else "log.copy_journal_none",
            "clear_view": nothing,
            "show_all": "" if self.rows.is_cleared else "log.why_not_cleared",
        }

    @property
    def journal(self) -> JournalKey | None:
        """Whose entries are shown."""
        return self.rows.reader.key if self.rows.reader else None

    # What the window tells

    def set_source(
        self,
        reader: Reader | None,
        encoding_of: Callable[[int], str],
        client_name: Callable[[int], Endpoint | None],
        recv_size: Callable[[], int] = lambda: 0,
    ) -> None:
        """Show another journal, or none; the arguments are those of `LogRows.set_source`."""
        was_paused = self.rows.is_paused
        self.finder.stop()
        self.framing.close_plots()
        self.filters.close_statistics()
        self.output.stop()
        self.detail_dock.clear()
        self.view.forget_selection()
        if reader is not None:
            self.tools.clients.set_journal(reader.key)
            self.framing.set_journal(reader.key)
        self.rows.set_source(reader, encoding_of, client_name, recv_size)
        if was_paused:
            self._show_pause()

    def entries_arrived(self, last_id: int) -> None:
        """There are entries up to `last_id` now."""
        self.rows.entries_arrived(last_id)

    def forget(self, clients: Iterable[ClientRef]) -> None:
        """The encoding of these clients has changed: decode their rows anew."""
        self.rows.forget({c.number for c in clients if c.journal is self.journal})

    def show_only(self, clients: Iterable[ClientRef]) -> None:
        """Show the entries of these clients only."""
        self.tools.clients.show_only(clients)

    def show_entry(self, entry: EntryRef) -> None:
        """Make an entry the current row, if it is one of the journal that is shown."""
        if entry.journal is self.journal:
            self.view.show_entry(self.rows.id_of(entry.number))

    def row_rect(self, entry: EntryRef) -> QRect | None:
        """Return where an entry's row is in the view; None if it is out of sight."""
        mine = entry.journal is self.journal
        return self.view.row_rect(self.rows.id_of(entry.number)) if mine else None

    def set_mode(self, mode: str) -> None:
        """Show content as "text", as "hex" or "mixed"; does not tell."""
        self.tools.modes.set_value(mode)
        self.view.set_mode(mode)

    def set_follow(self, follows: bool) -> None:
        """Follow the end, or stay where it is; does not tell."""
        if follows != self.view.follows:
            self.view.set_follows(follows)
        self._to_end.show_state(self.view.follows)

    def shut_down(self) -> None:
        """Show nothing, and cancel what is at work."""
        self._counting.stop()
        self.detail_dock.shut_down()
        self.framing.shut_down()
        self.filters.shut_down()
        self.finder.stop()
        self.output.stop()
        self.rows.close_source()

    # What the user orders

    def focus_find(self) -> None:
        """Go to the find field."""
        self.tools.reveal(self.tools.finder)
        self.tools.finder.focus()

    def set_paused(self, paused: bool) -> None:
        """Hold new rows back, or let those come that waited."""
        self.rows.set_paused(paused)
        self._show_pause()

    def clear_view(self) -> None:
        """Show only what comes from now on; the journal keeps everything."""
        self.rows.clear_view()
        self.set_follow(True)

    def copy(self, form: CopyForm | None = None) -> None:
        """Copy the selected rows, by default as lines."""
        from app.models.log_gather import CopyForm

        self.output.copy(self.view.selection.ranges, form or CopyForm.LINES)

    def show_detail(self, entry_id: int) -> None:
        """Show an entry's detail beside the log."""
        self.detail_dock.show_entry(entry_id)
        self.detail_dock.show()
        self.detail_dock.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up looking, then the selection."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.tools.finder.has_text:
            self.tools.finder.clear()
        else:
            self.view.clear_selection()

    # What follows from it

    def _newest_clients(self, count: int) -> tuple[Mapping[int, ClientRecord], int]:
        try:
            return self.rows.reader.newest_clients(count) if self.rows.reader else ({}, 0)
        except JournalError as error:
            self._on_failed(str(error))
            return {}, 0

    def _apply_filter(self) -> None:
        hiding = self.filters.hiding
        chosen = LogFilter(self.tools.clients.clients, self.tools.kinds, hiding)
        if chosen != self.rows.filter:
            self.view.forget_selection()
        self.rows.set_filter(chosen)
        self.tools.show_filters(sum(each.on for each in self.filters.filters))

    def _on_follow(self, follows: bool) -> None:
        self._to_end.show_state(follows)
        self.follow_changed.emit(follows)

    def _go_to_end(self) -> None:
        self.set_follow(True)
        self.view.setFocus()
        self.follow_changed.emit(True)

    def _show_pause(self) -> None:
        paused = self.rows.is_paused
        (self._counting.start if paused else self._counting.stop)()
        self.tools.show_paused(paused, self.rows.waiting_count)

    def _on_current(self, row_id: int) -> None:
        if self.detail_dock.isVisible():
            self.detail_dock.show_entry(row_id)
        if self.journal is not None:
            self.entry_chosen.emit(EntryRef(self.journal, self.rows.entry_of(row_id)))

    def _on_detail_visible(self, visible: bool) -> None:
        current = self.view.selection.current
        if visible and current is not None and current != self.detail_dock.entry_id:
            self.detail_dock.show_entry(current)

    def _on_failed(self, reason: str) -> None:
        self._notice.say_error(lambda: tr("log.read_failed", reason=without_stop(reason)))

    def _show_menu(self, where: QPoint) -> None:
        from app.ui.log.menu import show_menu

        show_menu(self, self._commands, where)

    def _tell_abilities(self) -> None:
        told = self.why_not()
        if told != self._told:
            self._told = told
            self.abilities_changed.emit()

    def _show_state(self) -> None:
        self._tell_abilities()
        self._to_end.show_state(self.view.follows)
        if not self.rows.count:
            self.view.set_placeholder(placeholder(self.rows))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._show_state()
        self.framing.retranslate()

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        self._column.setSpacing(theme().px(6))
