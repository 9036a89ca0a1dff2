"""The menu of the log's rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QMenu

from app.journal.entry import Kind
from app.journal.refs import ClientRef
from app.models.log_gather import CopyForm
from app.models.row_filter import HUES
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.log_row import LogRow
    from app.ui.actions import Actions
    from app.ui.log.panel import LogPanel


def show_menu(panel: LogPanel, commands: Actions, where: QPoint) -> None:
    """Drop the menu down at a place on the screen."""
    panel.view.setFocus(Qt.FocusReason.PopupFocusReason)
    commands.looked_at.emit()
    menu = make_menu(panel, commands)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)


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
        add_rule.triggered.connect(lambda: panel.row_wanted.emit("rule", row, row.data))
        received = "log.why_received" if row.kind != Kind.OUT else ""
        add("menu_send_again", "send", partial(_want, panel, row, "again"), received)
        add("menu_edit_and_send", "text", partial(_want, panel, row, "edit"))
    if row is not None:
        menu.addAction(commands["bookmark"])
        menu.addAction(commands["comment_row"])
        _add_filters(menu, panel, row, commands)
        add("menu_details", "info", partial(panel.show_detail, row.id), keys="Return")
    menu.addSeparator()
    menu.addAction(commands["receive"])
    return menu


def _add_filters(menu: QMenu, panel: LogPanel, row: LogRow, commands: Actions) -> None:
    """Colour rows like this one, hide them, or show no others."""
    from app.ui.filters.form import swatch

    filters = panel.filters
    why = "" if filters.can_add else tr("filters.why_full")
    like = menu.addMenu(theme().icon("filter"), tr("filters.like"))
    like.setToolTipsVisible(True)
    deeds = [(swatch(hue), tr(f"filters.like_{hue}"), "colour", hue) for hue in HUES]
    deeds += [(QIcon(), tr(f"filters.like_{deed}"), deed, HUES[0]) for deed in ("hide", "only")]
    for icon, words, deed, hue in deeds:
        action = like.addAction(icon, words)
        action.setEnabled(not why)
        action.setToolTip(why)
        action.triggered.connect(partial(filters.add_like, row, deed, hue))
    like.addSeparator()
    like.addAction(commands["filters"])


def _want(panel: LogPanel, row: LogRow, what: str) -> None:
    """Hand over all bytes of a row: it shows only the first ones."""
    rows = panel.rows
    found = rows.frame(row.id) if rows.plan is not None else rows.entry(row.id)
    if found is not None:
        panel.row_wanted.emit(what, row, found.data)
