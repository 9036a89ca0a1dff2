"""The menu of the log's rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.models.log_gather import CopyForm
from app.models.log_row import LogRow
from app.ui.theme import theme
from app.wording import tr


@dataclass(frozen=True, slots=True)
class MenuOrders:
    """What the menu's entries call."""

    copy: Callable[[CopyForm], object]
    select_all: Callable[[], object]
    show_only: Callable[[int], object]  # client_id
    show_everyone: Callable[[], object]
    show_detail: Callable[[int], object]  # entry_id


def make_menu(
    parent: QWidget, orders: MenuOrders, row: LogRow | None, *, selected: bool, filtered: bool
) -> QMenu:
    """Return the menu for `row`, the current one; `filtered`: not every client is shown."""
    menu = QMenu(parent)

    def add(key: str, icon: str, act: Callable[[], object], enabled: bool, keys: str = "") -> None:
        action = menu.addAction(tr(f"log.{key}"))
        if icon:
            action.setIcon(theme().icon(icon))
        action.setEnabled(enabled)
        action.setShortcut(QKeySequence(keys))  # told here; the view itself acts on the key
        action.triggered.connect(lambda: act())

    add("menu_copy", "copy", lambda: orders.copy(CopyForm.LINES), selected, "Ctrl+C")
    add("menu_copy_content", "text", lambda: orders.copy(CopyForm.CONTENT), selected)
    add("menu_copy_hex", "hex", lambda: orders.copy(CopyForm.HEX), selected)
    menu.addSeparator()
    add("menu_select_all", "", orders.select_all, True, "Ctrl+A")
    menu.addSeparator()
    if row is not None and row.client_id:
        client_id = row.client_id
        add("menu_only_client", "filter", lambda: orders.show_only(client_id), True)
    if filtered:
        add("menu_all_clients", "show-all", orders.show_everyone, True)
    if row is not None:
        entry_id = row.entry_id
        add("menu_details", "info", lambda: orders.show_detail(entry_id), True, "Return")
    return menu
