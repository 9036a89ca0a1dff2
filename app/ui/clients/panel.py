"""The client table with its heading and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.models.client_table import ClientTableModel, Column
from app.text.encodings import ENCODINGS
from app.ui.clients.delegates import EncodingDelegate
from app.ui.clients.view import ClientTableView
from app.ui.clients.words import cell_text, cell_tip, column_title
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, PlainLabel
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.journal.entry import ClientRecord
    from app.net.session import Session


class ClientPanel(QWidget):
    """Heading, buttons and table. It changes nothing itself: it asks through signals."""

    disconnect_requested = Signal(list)  # client ids
    disconnect_all_requested = Signal()
    cleared = Signal(list)  # client ids whose rows are gone
    encoding_chosen = Signal(int, str)
    note_changed = Signal(int, str)
    show_only_requested = Signal(int)
    send_to_requested = Signal(list)
    selection_changed = Signal(list)  # client ids

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ClientTableModel(cell_text, cell_tip, column_title, self)
        self.table = ClientTableView(self.rows, self)
        self.table.setItemDelegateForColumn(Column.ENCODING, EncodingDelegate(self.table))
        self._heading = HeadingLabel("", self)
        self._counts = PlainLabel("", self)
        self._counts.setProperty("role", "secondary")
        self._empty = PlainLabel("", self.table.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "secondary")
        self._disconnect = self._button("disconnect", self._ask_disconnect)
        self._disconnect_all = self._button("disconnect-all", self.disconnect_all_requested.emit)
        self._clear = self._button("trash", self.clear_offline)
        self._lay_out()
        self.rows.counts_changed.connect(self._show_counts)
        self.rows.note_edited.connect(self.note_changed)
        self.rows.encoding_edited.connect(self.encoding_chosen)
        self.table.menu_requested.connect(self._show_menu)
        self.table.clicked.connect(self._on_clicked)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.rows.modelReset.connect(self._on_selection)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._clear_selected)
        self._retranslate()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self._heading)
        bar.addWidget(self._counts)
        bar.addStretch(1)
        for button in (self._disconnect, self._disconnect_all, self._clear):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addLayout(bar)
        column.addWidget(self.table, 1)

    def _button(self, icon: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme().icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAutoRaise(True)
        button.clicked.connect(lambda: act())
        return button

    # -- what the window tells -------------------------------------------------------------

    def add(self, sessions: Sequence[Session]) -> None:
        """Clients joined."""
        self.rows.add(sessions)

    def left(self, sessions: Sequence[Session]) -> None:
        """Clients went offline; their rows stay, grey."""
        del sessions
        self.rows.left()
        self.refresh()

    def show_sessions(self, sessions: Sequence[Session]) -> None:
        """Show these live clients."""
        self.rows.show_sessions(sessions)

    def show_records(self, records: Sequence[ClientRecord]) -> None:
        """Show an old journal's clients."""
        self.rows.show_records(records)

    def set_record_encoding(self, client_id: int, encoding: str) -> None:
        """An old journal's client is read differently."""
        at = self.rows.place(client_id)
        if at is not None:
            self.rows.row(at).encoding = encoding  # type: ignore[misc]
            self.refresh()

    def refresh(self) -> None:
        """Repaint the visible rows whose values changed."""
        self.rows.refresh(*self.table.visible_rows())

    def tick(self) -> None:
        """Once a second: idle times, and the order if it depends on what changes."""
        if self.rows.sorted_by_changing_values and not self._editing():
            self.rows.resort()
        self.refresh()

    def _editing(self) -> bool:
        return self.table.state() == self.table.State.EditingState

    # -- the user --------------------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """The selected clients, ascending."""
        rows = self.table.selectionModel().selectedRows()
        return sorted(self.rows.row(index.row()).client_id for index in rows)

    def clear_offline(self) -> None:
        """Take all offline rows away; the journal keeps their data."""
        self._tell_cleared(self.rows.clear_offline())

    def _clear_selected(self) -> None:
        self._tell_cleared(self.rows.clear_offline(self.selected_ids()))

    def _tell_cleared(self, gone: list[int]) -> None:
        if gone:
            self.cleared.emit(gone)

    def _ask_disconnect(self) -> None:
        self.disconnect_requested.emit(self.selected_ids())

    def _on_clicked(self, index: object) -> None:
        # One click on the ▾ opens the list; elsewhere a click only selects.
        current = self.table.currentIndex()
        if current.isValid() and current.column() == Column.ENCODING:
            self.table.edit(current)
        del index

    def _on_selection(self) -> None:
        self._show_counts()
        self.selection_changed.emit(self.selected_ids())

    def _show_menu(self, at: QPoint) -> None:
        ids = self.selected_ids()
        if not ids:
            return
        menu = QMenu(self)
        self._fill_menu(menu, ids)
        menu.exec(at)
        menu.deleteLater()

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        def entry(key: str, icon: str, act: Callable[[], object]) -> None:
            menu.addAction(theme().icon(icon), tr(f"clients.{key}")).triggered.connect(
                lambda: act()
            )

        entry("menu_send", "send", lambda: self.send_to_requested.emit(ids))
        entry("menu_show_only", "filter", lambda: self.show_only_requested.emit(ids[0]))
        entry("menu_copy", "copy", self.table.copy)
        encodings = menu.addMenu(tr("clients.column_encoding"))
        for encoding in ENCODINGS:
            encodings.addAction(encoding.label).triggered.connect(
                lambda _on=False, name=encoding.name: self._choose_encoding(ids, name)
            )
        at = self.rows.place(ids[0])
        entry("menu_note", "note", lambda: self.table.edit_note(at or 0))
        menu.addSeparator()
        entry("disconnect", "disconnect", self._ask_disconnect)

    def _choose_encoding(self, ids: list[int], name: str) -> None:
        for client_id in ids:
            self.encoding_chosen.emit(client_id, name)

    # -- looks -----------------------------------------------------------------------------

    def save_layout(self) -> QByteArray:
        """Columns: order, widths, which are hidden, sorting."""
        return self.table.horizontalHeader().saveState()

    def restore_layout(self, state: QByteArray) -> None:
        """Find the columns as they were."""
        with QSignalBlocker(self.rows):
            self.table.horizontalHeader().restoreState(state)

    def _show_counts(self) -> None:
        online, offline = self.rows.online, self.rows.offline
        self._counts.setText(tr("clients.counts", online=online, offline=offline))
        selected_online = any(
            self.rows.row(index.row()).online
            for index in self.table.selectionModel().selectedRows()[:200]
        )
        for button, key, enabled in (
            (self._disconnect, "disconnect", selected_online),
            (self._disconnect_all, "disconnect_all", online > 0),
            (self._clear, "clear", offline > 0),
        ):
            button.setEnabled(enabled)
            button.setToolTip(tr(f"clients.{key}_{'tip' if enabled else 'why_not'}"))
        self._empty.setVisible(online + offline == 0)

    def resizeEvent(self, event: object) -> None:
        """Keep the empty state in the middle."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place_empty()

    def showEvent(self, event: object) -> None:
        """The viewport has its size now."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._place_empty()

    def _place_empty(self) -> None:
        self._empty.resize(self.table.viewport().size())

    def _retranslate(self) -> None:
        self._heading.setText(tr("clients.heading"))
        self._disconnect.setText(tr("clients.disconnect"))
        self._disconnect_all.setText(tr("clients.disconnect_all"))
        self._clear.setText(tr("clients.clear"))
        self._empty.setText(tr("clients.empty"))
        self.table.setAccessibleName(tr("clients.heading"))
        self._show_counts()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
