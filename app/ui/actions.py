"""Every action of the window: menus and keys are data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.stage.pages import PAGES, PANES, PIECES, SEEN
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QMenuBar


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. Its words are `window.<name>`."""

    name: str
    keys: str = ""  # portable text of QKeySequence, several separated by "; "
    icon: str = ""
    checkable: bool = False
    group: str = ""  # actions of one group exclude each other
    button: str = ""  # the key of its words on a button; `<button>_tip` is its tip


ACTIONS = (
    ActionSpec("open_journal", "Ctrl+O", "folder-open"),
    ActionSpec("journals", icon="journal"),
    ActionSpec("live_journal", icon="undo"),
    ActionSpec("export_log", "Ctrl+S", "export", button="log.export"),
    ActionSpec("save_copy", "Ctrl+Shift+S", "save"),
    ActionSpec("quit", "Ctrl+Q"),
    ActionSpec("copy", icon="copy"),
    ActionSpec("checksum", "Ctrl+Shift+K"),
    ActionSpec("keep_command", "Ctrl+K", "save"),
    ActionSpec("repeat_message", "Ctrl+Shift+Return; Ctrl+Shift+Enter", "history"),
    ActionSpec("send_file", "Ctrl+Shift+O", "folder-open"),
    ActionSpec("find", "Ctrl+F", "search"),
    ActionSpec("find_next", "F3", "next"),
    ActionSpec("find_previous", "Shift+F3", "previous"),
    ActionSpec("bookmark", "Ctrl+F2", "bookmark"),
    ActionSpec("comment_row", "Ctrl+Shift+F2"),
    ActionSpec("next_bookmark", "Ctrl+F3"),
    ActionSpec("previous_bookmark", "Ctrl+Shift+F3"),
    ActionSpec("bookmarks", "Ctrl+B"),
    ActionSpec("clear_view", "Ctrl+L", "clear", button="log.clear"),
    ActionSpec("show_all", "Ctrl+Shift+L", "show-all", button="log.show_all"),
    ActionSpec("clear_offline", icon="trash", button="clients.clear"),
    ActionSpec("pause", "Ctrl+P", "pause", checkable=True, button="log.pause"),
    ActionSpec("log_text", "Ctrl+1", checkable=True, group="log_mode"),
    ActionSpec("log_hex", "Ctrl+2", checkable=True, group="log_mode"),
    ActionSpec("log_mixed", "Ctrl+3", checkable=True, group="log_mode"),
    ActionSpec("frames", "Ctrl+4", checkable=True),
    ActionSpec("framing", "Ctrl+Shift+F"),
    ActionSpec("statistics", "Ctrl+Shift+I"),
    ActionSpec("filters", "Ctrl+Shift+H", "filter", button="filters.button"),
    ActionSpec("kits"),
    ActionSpec("show_setup", "F9", checkable=True),
    ActionSpec("show_detail", "F4", checkable=True),
    ActionSpec("show_commands", "F7", "list", checkable=True, button="prepared.title"),
    ActionSpec("show_tasks", "Shift+F7", "list", checkable=True),
    ActionSpec("type_larger", "Ctrl+=; Ctrl++", "plus"),
    ActionSpec("type_smaller", "Ctrl+-", "minus"),
    ActionSpec("type_normal", "Ctrl+0"),
    ActionSpec("full_screen", "F11", checkable=True),
    ActionSpec("theme_system", checkable=True, group="theme"),
    ActionSpec("theme_light", checkable=True, group="theme"),
    ActionSpec("theme_dark", checkable=True, group="theme"),
    ActionSpec("language_system", checkable=True, group="language"),
    ActionSpec("language_zh_CN", checkable=True, group="language"),
    ActionSpec("language_en", checkable=True, group="language"),
    ActionSpec("toggle_server", "F5", "play"),
    ActionSpec("add_server", "Ctrl+N", "plus", button="servers.add"),
    ActionSpec("duplicate_server", icon="copy"),
    ActionSpec("remove_server", icon="trash"),
    ActionSpec("open_all", "Shift+F5"),
    ActionSpec("close_all", "Ctrl+F5"),
    ActionSpec("next_server", "Alt+PgDown"),
    ActionSpec("previous_server", "Alt+PgUp"),
    ActionSpec("reopen_servers", checkable=True),
    ActionSpec("save_certificate", icon="save"),
    ActionSpec("copy_certificate", icon="copy"),
    ActionSpec("disconnect", "Ctrl+D", "disconnect", button="clients.disconnect"),
    ActionSpec("disconnect_all", "Ctrl+Shift+D", "disconnect-all", button="clients.disconnect_all"),
    ActionSpec("start_demo", "Ctrl+T", "demo"),
    ActionSpec("stop_demos"),
    ActionSpec("rules", "Ctrl+Shift+R"),
    ActionSpec("receive", icon="save"),
    ActionSpec("export_server", icon="export"),
    ActionSpec("import_server", icon="folder-open"),
    ActionSpec("reset_traffic", "Ctrl+R", button="window.reset_traffic"),
    ActionSpec("focus_clients", "Alt+1"),
    ActionSpec("focus_log", "Alt+2"),
    ActionSpec("focus_composer", "Alt+3"),
    ActionSpec("classroom", "F6", "class", checkable=True),
    *(ActionSpec(f"piece_{spec.name}", spec.keys) for spec in PIECES),
    ActionSpec("next_page", "Ctrl+PgDown"),
    ActionSpec("previous_page", "Ctrl+PgUp"),
    ActionSpec("run_experiment", "F8", "play"),
    ActionSpec("run_program", "F12", "play", button="myserver.run"),
    ActionSpec("stop_program", "Shift+F12", "stop", button="myserver.stop"),
    ActionSpec("check_exercise", "Ctrl+F12", "check", button="exercises.check"),
    ActionSpec("single_threaded", checkable=True),
    ActionSpec("keys", "F1"),
    ActionSpec("about"),
)

SEPARATOR = "-"
# menu name -> its entries; a nested tuple is a submenu: (name, entries)
MENUS: tuple[tuple[str, tuple[object, ...]], ...] = (
    (
        "menu_file",
        ("open_journal", "live_journal", "journals", "-", "save_copy", "export_log", "-", "quit"),
    ),
    (
        "menu_edit",
        ("copy", "-", "find", "find_next", "find_previous",
         ("menu_bookmarks", ("bookmark", "comment_row", "-", "next_bookmark", "previous_bookmark",
          "-", "bookmarks")), "-", "checksum", "keep_command", "repeat_message",
         "send_file", "-",
         "clear_view", "show_all", "-", "clear_offline"),
    ),
    (
        "menu_view",
        (
            ("menu_log_mode", ("log_text", "log_hex", "log_mixed")),
            "frames", "framing", "kits", "filters", "statistics", "pause", "-",
            "show_setup", "show_detail", "show_commands", "show_tasks",
            ("menu_focus", ("focus_clients", "focus_log", "focus_composer")),
            "-", "type_larger", "type_smaller", "type_normal", "full_screen", "-",
            ("menu_theme", ("theme_system", "theme_light", "theme_dark")),
            ("menu_language", ("language_system", "language_zh_CN", "language_en")),
        ),
    ),
    (
        "menu_service",
        ("toggle_server", "rules", "receive",
         ("menu_servers", ("add_server", "duplicate_server", "remove_server", "-",
          "export_server", "import_server", "-", "open_all", "close_all",
          "-", "next_server", "previous_server", "-", "reopen_servers")),
         "save_certificate", "copy_certificate",
         "-", "disconnect", "disconnect_all", "-", "start_demo", "stop_demos",
         "-", "reset_traffic"),
    ),
    (
        "menu_classroom",
        (
            "classroom", "-",
            *(f"piece_{spec.name}" for spec in PAGES), "next_page", "previous_page", "-",
            *(f"piece_{spec.name}" for spec in SEEN + PANES), "-",
            "run_experiment", "run_program", "stop_program", "check_exercise", "-",
            "single_threaded",
        ),
    ),
    ("menu_help", ("keys", "about")),
)  # fmt: skip


class Actions(QObject):
    """QActions by name: one a command, for menus, buttons and context menus alike. GUI thread."""

    looked_at = Signal()  # a menu is about to be shown: what has the focus decides on "copy"

    def __init__(self, owner: QWidget, handlers: Mapping[str, Callable[..., object]]) -> None:
        """Make those that have a handler; a checkable one's handler takes the checked state."""
        super().__init__(owner)
        self._by_name: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self._why_not: dict[str, str] = {}  # for those that are off
        groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            if spec.name not in handlers:
                continue
            action = QAction(owner)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            if spec.icon:
                action.setIcon(theme().icon(spec.icon))  # follows the theme by itself
            action.setShortcuts([QKeySequence(key) for key in spec.keys.split("; ") if key])
            if spec.group:
                groups.setdefault(spec.group, QActionGroup(owner)).addAction(action)
            action.triggered.connect(_slot(handlers[spec.name], takes_checked=spec.checkable))
            owner.addAction(action)
            self._by_name[spec.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def explain(self, reasons: Mapping[str, str]) -> None:
        """Switch these on and off: the key of why it can do nothing now, "" where it can."""
        for name, reason in reasons.items():
            if name in self._by_name and reason != self._why_not.get(name, ""):
                self._why_not[name] = reason
                self._by_name[name].setEnabled(not reason)
                self._name_tip(next(spec for spec in ACTIONS if spec.name == name))

    def _name_tip(self, spec: ActionSpec) -> None:
        reason = self._why_not.get(spec.name, "")
        tip = reason or (f"{spec.button}_tip" if spec.button else "")
        self._by_name[spec.name].setToolTip(tr(tip) if tip else "")

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for name, entries in MENUS:
            menu = QMenu(bar)
            menu.setToolTipsVisible(True)  # why an entry is off
            menu.aboutToShow.connect(self.looked_at)
            bar.addMenu(menu)
            self._fill_menu(name, menu, entries)

    def _fill_menu(self, name: str, menu: QMenu, entries: tuple[object, ...]) -> None:
        self._menus[name] = menu
        for entry in entries:
            if entry == SEPARATOR:
                menu.addSeparator()
            elif isinstance(entry, tuple):
                submenu = QMenu(menu)
                menu.addMenu(submenu)
                self._fill_menu(entry[0], submenu, entry[1])
            else:
                menu.addAction(self._by_name[str(entry)])

    def retranslate(self) -> None:
        """Set every word anew."""
        for name, menu in self._menus.items():
            menu.setTitle(tr(f"window.{name}"))
        for spec in ACTIONS:
            if spec.name in self._by_name:
                self._by_name[spec.name].setText(tr(action_words(spec.name)))
                if spec.button:
                    self._by_name[spec.name].setIconText(tr(spec.button))
                self._name_tip(spec)


def action_words(name: str) -> str:
    """Return the key of an action's words. A piece is called in the menu as in its title."""
    piece = name.removeprefix("piece_")
    return f"window.{name}" if piece == name else f"classroom.{piece}"


def _slot(handler: Callable[..., object], *, takes_checked: bool) -> Callable[[bool], None]:
    # PySide asks a slot how many arguments it takes. A C++ method does not say, a partial says it
    # wrongly, and either is then called without "checked": so it is always a function of ours.
    def call(checked: bool = False) -> None:
        if takes_checked:
            handler(checked)
        else:
            handler()

    return call
