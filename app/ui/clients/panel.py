"""The client table with its heading and its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.models.client_row import Client, RecordedClient
from app.models.client_table import ClientTableModel
from app.ui.clients.heading import ClientHeading
from app.ui.clients.view import ClientTableView
from app.ui.theme import theme
from app.ui.widgets import FootBanner
from app.ui.widgets.pace import Pace
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.journal.refs import ClientRef
    from app.ui.actions import Actions

REFRESH_MS = 250  # the eye does not follow counters faster
IDLE_CLOCK_MS = 1000
UNDO_MS = 10_000  # so long clearing can be undone by a button


class ClientPanel(Worded, QWidget):
    """Heading, buttons and table. It changes no client: it asks through signals. GUI thread."""

    # Clients are list[ClientRef]: whoever acts on them can tell whether they are live ones.
    disconnect_requested = Signal(list)
    disconnect_all_requested = Signal()
    cleared = Signal(list)  # their rows are gone, by the user or above the limit
    restored = Signal(list)  # list[Session]: cleared rows that the user has brought back
    encoding_chosen = Signal(list, str)  # clients, an Encoding's name
    note_changed = Signal(object, str)  # ClientRef, text
    show_only_requested = Signal(list)
    receive_requested = Signal(object)  # ClientRef: its bytes are wanted in files
    replay_requested = Signal(object)  # ClientRef
    compare_requested = Signal(list)  # two of them
    send_to_requested = Signal(list)
    selection_changed = Signal(list)  # in the table's order
    missed = Signal(list)  # clients that an order was meant for, and whose rows are gone
    abilities_changed = Signal()  # `why_not` says something else

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ClientTableModel(self)
        self.table = ClientTableView(self.rows, self)
        self._cleared: list[Client] = []  # for undo
        self._commands: Actions  # by `take_commands`
        self._told: dict[str, str] = {}  # what `why_not` said last
        self._selected: list[ClientRef] = []
        self.recorded = False  # an old journal is shown
        self._servers = 0  # whose clients that one knows
        self._live_servers = 1
        self._empty: QWidget | None = None
        self._toast = FootBanner(self.table, shown_ms=UNDO_MS)
        self._pace = Pace(self._refresh_now, REFRESH_MS, self)
        self._idle_clock = QTimer(self, interval=IDLE_CLOCK_MS)
        self._idle_clock.timeout.connect(self.refresh)
        self._lay_out()
        self._connect()
        self.dress()

    def _lay_out(self) -> None:
        self.heading = ClientHeading(self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.heading)
        self._column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        rows, table = self.rows, self.table
        rows.counts_changed.connect(self._show_counts)
        rows.note_changed.connect(self.note_changed)
        rows.encoding_chosen.connect(self.encoding_chosen)
        rows.dropped.connect(self.cleared)
        rows.modelReset.connect(self._on_selection)
        table.rows_selected.connect(self._on_selection)
        table.delete_pressed.connect(self._clear_by_key)
        table.undo_pressed.connect(self.undo_clear)
        table.menu_requested.connect(self._show_menu)
        table.verticalScrollBar().valueChanged.connect(self.refresh)
        table.titles.menu_requested.connect(self._show_column_menu)

    # -- commands --------------------------------------------------------------------------

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over the table do."""
        return {
            "disconnect": self._ask_disconnect,
            "disconnect_all": self.disconnect_all_requested.emit,
            "clear_offline": self.clear_offline,
            "focus_clients": self.focus_rows,
        }

    def take_commands(self, commands: Actions) -> None:
        """Offer these as buttons and in the menu."""
        self._commands = commands
        self.heading.add_buttons(commands)

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        rows, old = self.rows, "clients.why_recorded" if self.recorded else ""
        selected = any(map(rows.is_online, self._selected))
        return {
            "disconnect": old or ("" if selected else "clients.disconnect_why_not"),
            "disconnect_all": old
            or ("" if rows.online_count else "clients.disconnect_all_why_not"),
            "clear_offline": old or ("" if rows.offline_count else "clients.clear_why_not"),
        }

    def focus_rows(self) -> None:
        """Go to the table, or to what stands in the place of its rows."""
        shown = self._stack.currentWidget() or self.table
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- clients come and go ---------------------------------------------------------------

    def add(self, clients: Sequence[Client]) -> None:
        """Clients joined: all of a frame together."""
        self.rows.add(clients)
        self.refresh()

    def left(self, clients: Iterable[Client]) -> None:
        """Clients went offline: all of a frame together."""
        self.rows.mark_offline(clients)
        self.refresh()

    def show_sessions(self, clients: Iterable[Client]) -> None:
        """Show these live clients and no others."""
        self._replace(clients, recorded=False)

    def show_records(self, clients: Iterable[RecordedClient]) -> None:
        """Show the clients of an old journal and no others."""
        self._replace(clients, recorded=True)

    def _replace(self, clients: Iterable[Client], *, recorded: bool) -> None:
        self.table.finish_editing()
        self.recorded = recorded
        self._forget_cleared()
        rows = list(clients)
        self._servers = len({client.server_id for client in rows}) if recorded else 0
        self.table.columns.show_server(max(self._servers, self._live_servers) > 1)
        self.rows.replace(rows)

    def show_servers(self, count: int) -> None:
        """There are so many now: with several, a column says to which a client came."""
        self._live_servers = count
        self.table.columns.show_server(max(self._servers, count) > 1)

    def set_record_encoding(self, clients: Iterable[ClientRef], encoding: str) -> None:
        """Clients of an old journal are read in another encoding from now on."""
        for client in clients:
            row = self.rows.place(client)
            recorded = None if row is None else self.rows.client(row)
            if isinstance(recorded, RecordedClient):
                recorded.encoding = encoding
        self.refresh()

    # -- what has changed ------------------------------------------------------------------

    def refresh(self) -> None:
        """Values may have changed: look at the visible rows, at most every REFRESH_MS."""
        self._pace.ask()

    def _refresh_now(self) -> None:
        if self.isVisible():
            first, last = self.table.visible_rows()
            self.rows.refresh(first, last, may_sort=not self.table.is_editing)

    def tick(self) -> None:
        """A second has passed. The panel has a clock of its own too, for a closed port."""
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Idle times go on."""
        super().showEvent(event)
        self._idle_clock.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._idle_clock.stop()

    # -- selection -------------------------------------------------------------------------

    def selected(self) -> list[ClientRef]:
        """Return the selected clients, from top to bottom, offline ones too."""
        return [self.rows.client(row).ref for row in self.table.selected_rows()]

    def _on_selection(self) -> None:
        selected = self.selected()
        if selected != self._selected:
            self._selected = selected
            self._enable()
            self.selection_changed.emit(selected)

    # -- orders ----------------------------------------------------------------------------

    def _ask_disconnect(self) -> None:
        self.disconnect_requested.emit(self.selected())

    def clear_offline(self) -> None:
        """Take all offline rows away. The journal keeps their data; an old journal all rows."""
        self.clear_rows(None)

    def _clear_by_key(self) -> None:
        # With rows selected, Delete means these; it never takes what the user did not point at.
        self.clear_rows(self.selected() or None)

    def clear_rows(self, clients: list[ClientRef] | None) -> None:
        """Take offline rows away, of these or of all; never those of an old journal."""
        gone = [] if self.recorded else self.rows.clear_offline(clients)
        if not gone:
            return
        self._cleared = gone
        self.cleared.emit([client.ref for client in gone])
        count = len(gone)
        self._toast.offer(
            lambda: tr("clients.cleared", n=count), lambda: tr("clients.undo"), self.undo_clear
        )

    def undo_clear(self) -> None:
        """Bring back the rows that were cleared last."""
        cleared = self._cleared
        self._forget_cleared()
        if cleared:
            self.rows.restore(cleared)
            self.restored.emit(cleared)

    def _forget_cleared(self) -> None:
        self._cleared = []
        self._toast.hide()

    def _show_menu(self, at: QPoint) -> None:
        from app.ui.clients.menu import fill_column_menus, fill_row_menu

        menu = QMenu(self)
        self.table.setFocus(Qt.FocusReason.PopupFocusReason)
        self._commands.looked_at.emit()
        if self.table.selected_rows():
            fill_row_menu(menu, self, self._commands)
            menu.addSeparator()
        fill_column_menus(menu, self.table)
        menu.exec(at)
        menu.deleteLater()

    def choose_encoding(self, clients: list[ClientRef], name: str) -> None:
        """Ask for these to be read in another encoding."""
        self.encoding_chosen.emit(clients, name)
        self.refresh()

    def edit_note(self, client: ClientRef) -> None:
        """Let the user type a client's note."""
        row = self.rows.place(client)
        if row is not None:
            self.table.edit_note(row)
        else:
            self.missed.emit([client])

    def _show_column_menu(self, at: QPoint) -> None:
        from app.ui.clients.menu import fill_column_menu

        menu = QMenu(self)
        fill_column_menu(menu, self.table)
        menu.exec(at)
        menu.deleteLater()

    # -- looks -----------------------------------------------------------------------------

    def set_empty_widget(self, widget: QWidget) -> None:
        """Show `widget` instead of a table without rows."""
        self._empty = widget
        self._stack.addWidget(widget)
        self._show_counts()

    def save_layout(self) -> QByteArray:
        """Columns: order, widths, which are shown, sorting."""
        return self.table.columns.save()

    def restore_layout(self, saved: QByteArray) -> bool:
        """Find the columns as `save_layout` left them; False if that is damaged."""
        return self.table.columns.restore(saved)

    def _show_counts(self) -> None:
        is_empty = self._empty is not None and not self.rows.rowCount()
        self._stack.setCurrentWidget(self._empty if is_empty and self._empty else self.table)
        self._enable()

        rows = self.rows
        self.heading.show_counts(rows.online_count, rows.offline_count, recorded=self.recorded)

    def _enable(self) -> None:
        told = self.why_not()
        if told != self._told:
            self._told = told
            self.abilities_changed.emit()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._column.setSpacing(theme().px(4))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.table.retranslate()
