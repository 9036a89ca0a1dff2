"""The menu of the log's rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from app.journal.refs import ClientRef
from app.models.log_gather import CopyForm
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.actions import Actions
    from app.ui.log.panel import LogPanel


def make_menu(panel: LogPanel, commands: Actions) -> QMenu:
    """Return the menu for the selected rows and the current one."""
    menu, view, rows = QMenu(panel), panel.view, panel.rows
    menu.setToolTipsVisible(True)  # why an entry is off
    nothing = "" if view.selection else "log.why_none_selected"
    current = view.selection.current
    row = rows.row(current) if current is not None else None

    def add(key: str, icon: str, act: Callable[[], object], why: str = "", keys: str = "") -> None:
        action = menu.addAction(tr(f"log.{key}"))
        if icon:
            action.setIcon(theme().icon(icon))
        action.setEnabled(not why)
        action.setToolTip(tr(why) if why else "")
        action.setShortcut(QKeySequence(keys))  # told here; the view itself acts on the key
        action.triggered.connect(lambda: act())

    menu.addAction(commands["copy"])
    add("menu_copy_content", "text", partial(panel.copy, CopyForm.CONTENT), nothing)
    add("menu_copy_hex", "hex", partial(panel.copy, CopyForm.HEX), nothing)
    menu.addSeparator()
    add("menu_select_all", "", view.select_all, keys="Ctrl+A")
    menu.addSeparator()
    if row is not None and row.client_id and rows.reader is not None:
        client = ClientRef(rows.reader.key, row.client_id)
        add("menu_only_client", "filter", partial(panel.show_only, [client]))
    if rows.filter.clients is not None:
        add("menu_all_clients", "show-all", panel.tools.clients.show_everyone)
    if row is not None and row.size_bytes:
        # What a rule means fits into the first bytes, which every row has at hand.
        add_rule = menu.addAction(tr("rules.make"))
        add_rule.triggered.connect(lambda: panel.rule_wanted.emit(row, row.data))
    if row is not None:
        add("menu_details", "info", partial(panel.show_detail, row.id), keys="Return")
    return menu
