"""The menus of the client table: of its rows, and of its columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.models.client_columns import Column
from app.text.encodings import ENCODINGS
from app.ui.clients.columns import ALWAYS_SHOWN
from app.ui.clients.view import ClientTableView
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.clients.panel import ClientPanel


Order = Callable[[], object] | str
"""What an entry does, or the key of why it can do nothing."""


def fill_row_menu(menu: QMenu, panel: ClientPanel, commands: Actions) -> None:
    """Add what can be done with the selected clients.

    The rows may move or go while the menu is open: its entries mean these clients, by reference.
    """
    menu.setToolTipsVisible(True)  # why an entry is off
    clients = panel.selected()
    many = "" if len(clients) == 1 else "_many"
    old = "clients.why_recorded" if panel.recorded else ""
    online = [client for client in clients if panel.rows.is_online(client)]
    offline = [client for client in clients if not panel.rows.is_online(client)]
    none_online = old or ("" if online else "clients.disconnect_why_not")
    none_offline = old or ("" if offline else "clients.menu_clear_why_not")
    send, show_only = panel.send_to_requested, panel.show_only_requested
    _add(menu, "menu_send", "send", none_online or partial(send.emit, online))
    _add(menu, f"menu_show_only{many}", "filter", partial(show_only.emit, clients))
    menu.addSeparator()
    not_one = none_online or ("" if len(online) == 1 else "clients.receive_why_not")
    receive = panel.receive_requested
    _add(menu, "menu_receive", "save", not_one or partial(receive.emit, *online))
    one = "" if len(clients) == 1 else "clients.replay_why_not"
    two = "" if len(clients) == 2 else "clients.compare_why_not"
    _add(menu, "menu_replay", "play", one or partial(panel.replay_requested.emit, *clients))
    _add(menu, "menu_compare", "mixed", two or partial(panel.compare_requested.emit, clients))
    menu.addSeparator()
    menu.addAction(commands["copy"])
    encodings = {panel.rows.client(row).encoding for row in panel.table.selected_rows()}
    _fill_encodings(
        menu.addMenu(tr("clients.column_encoding")),
        encodings,
        partial(panel.choose_encoding, clients),
    )
    _add(menu, "menu_note", "note", old or partial(panel.edit_note, clients[0]), "F2")
    menu.addSeparator()
    menu.addAction(commands["disconnect"])
    _add(menu, "menu_clear", "trash", none_offline or partial(panel.clear_rows, offline), "Delete")


def _add(menu: QMenu, key: str, icon: str, order: Order, shortcut: str = "") -> None:
    # The key is shown only; it works because the table handles it, not through this entry.
    text = tr(f"clients.{key}") + (f"\t{shortcut}" if shortcut else "")
    action = menu.addAction(theme().icon(icon), text)
    if isinstance(order, str):
        action.setEnabled(False)
        action.setToolTip(tr(order))
    else:
        action.triggered.connect(lambda: order())


def _fill_encodings(menu: QMenu, current: set[str], choose: Callable[[str], object]) -> None:
    group = QActionGroup(menu)
    for encoding in ENCODINGS:
        action = menu.addAction(encoding.label)
        action.setCheckable(True)
        action.setActionGroup(group)
        action.setChecked(current == {encoding.name})
        action.triggered.connect(lambda _on=False, name=encoding.name: choose(name))


def fill_column_menus(menu: QMenu, table: ClientTableView) -> None:
    """Add what the header does, so that it can be reached by keyboard too."""
    fill_column_menu(menu.addMenu(tr("clients.menu_columns")), table)
    _fill_sort_menu(menu.addMenu(tr("clients.menu_sort")), table)


def fill_column_menu(menu: QMenu, table: ClientTableView) -> None:
    """Add an entry for each column to show or hide it, and one to have all as at first."""
    columns = table.columns
    for column in Column:
        action = menu.addAction(_title(column))
        action.setCheckable(True)
        action.setChecked(columns.is_shown(column))
        action.setEnabled(column is not ALWAYS_SHOWN)
        action.toggled.connect(lambda on, column=column: columns.show_column(column, on))
    menu.addSeparator()
    menu.addAction(tr("clients.menu_columns_reset")).triggered.connect(lambda: columns.reset())


def _fill_sort_menu(menu: QMenu, table: ClientTableView) -> None:
    header = table.horizontalHeader()
    group = QActionGroup(menu)

    def sort_by(column: Column) -> None:
        again = header.sortIndicatorSection() == column
        up = header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        order = Qt.SortOrder.DescendingOrder if again and up else Qt.SortOrder.AscendingOrder
        table.sortByColumn(column, order)

    for column in Column:
        action = menu.addAction(_title(column))
        action.setCheckable(True)
        action.setActionGroup(group)
        action.setChecked(header.sortIndicatorSection() == column)
        action.triggered.connect(lambda _on=False, column=column: sort_by(column))


def _title(column: Column) -> str:
    # In a list of names "#" says too little.
    key = "number_long" if column is Column.NUMBER else column.name.lower()
    return tr(f"clients.column_{key}")
