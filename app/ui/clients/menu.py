"""The menus of the client table: of its rows, and of its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.models.client_columns import Column
from app.models.client_row import Client
from app.text.encodings import ENCODINGS
from app.ui.clients.columns import ALWAYS_SHOWN
from app.ui.clients.view import ClientTableView
from app.ui.theme import theme
from app.wording import tr


@dataclass(frozen=True, slots=True)
class RowOrders:
    """What the menu of the selected rows can order."""

    send_to: Callable[[], object]
    show_only: Callable[[], object]
    copy: Callable[[], object]
    choose_encoding: Callable[[str], object]
    edit_note: Callable[[], object] | None  # None: cannot be edited
    disconnect: Callable[[], object] | None  # None: none of them is online
    clear: Callable[[], object] | None  # None: none of them can be cleared


def fill_row_menu(menu: QMenu, clients: Sequence[Client], orders: RowOrders) -> None:
    """Add what can be done with the selected clients."""
    one = len(clients) == 1
    _add(menu, "menu_send", "send", orders.send_to if orders.disconnect else None)
    _add(menu, "menu_show_only", "filter", orders.show_only if one else None)
    menu.addSeparator()
    _add(menu, "menu_copy" if one else "menu_copy_many", "copy", orders.copy, "Ctrl+C")
    _fill_encodings(menu.addMenu(tr("clients.column_encoding")), clients, orders.choose_encoding)
    _add(menu, "menu_note", "note", orders.edit_note, "F2")
    menu.addSeparator()
    _add(menu, "menu_disconnect", "disconnect", orders.disconnect)
    _add(menu, "menu_clear", "trash", orders.clear, "Delete")


def _add(
    menu: QMenu, key: str, icon: str, act: Callable[[], object] | None, shortcut: str = ""
) -> None:
    # The key is shown only; it works because the table handles it, not through this entry.
    text = tr(f"clients.{key}") + (f"\t{shortcut}" if shortcut else "")
    action = menu.addAction(theme().icon(icon), text)
    action.setEnabled(act is not None)
    if act is not None:
        action.triggered.connect(lambda: act())


def _fill_encodings(
    menu: QMenu, clients: Sequence[Client], choose: Callable[[str], object]
) -> None:
    current = {client.encoding for client in clients}
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
