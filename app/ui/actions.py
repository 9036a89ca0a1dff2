"""Every action of the window: menus and keys are data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.classroom.pieces import PIECES
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QMenuBar


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. Its words are `window.<name>`; a tip `window.<name>_tip` may exist."""

    name: str
    keys: str = ""  # portable text of QKeySequence, several separated by "; "
    icon: str = ""
    checkable: bool = False
    group: str = ""  # actions of one group exclude each other


ACTIONS = (
    ActionSpec("open_journal", "Ctrl+O", "folder-open"),
    ActionSpec("journals", icon="journal"),
    ActionSpec("live_journal", icon="undo"),
    ActionSpec("export_log", "Ctrl+S", "export"),
    ActionSpec("save_copy", "Ctrl+Shift+S", "save"),
    ActionSpec("quit", "Ctrl+Q"),
    ActionSpec("copy", icon="copy"),
    ActionSpec("find", "Ctrl+F", "search"),
    ActionSpec("find_next", "F3", "next"),
    ActionSpec("find_previous", "Shift+F3", "previous"),
    ActionSpec("clear_view", "Ctrl+L", "clear"),
    ActionSpec("show_all", "Ctrl+Shift+L", "show-all"),
    ActionSpec("clear_offline", icon="trash"),
    ActionSpec("pause", "Ctrl+P", "pause", checkable=True),
    ActionSpec("log_text", "Ctrl+1", checkable=True, group="log_mode"),
    ActionSpec("log_hex", "Ctrl+2", checkable=True, group="log_mode"),
    ActionSpec("log_mixed", "Ctrl+3", checkable=True, group="log_mode"),
    ActionSpec("show_setup", "F9", checkable=True),
    ActionSpec("show_detail", "F4", checkable=True),
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
    ActionSpec("disconnect", "Ctrl+D", "disconnect"),
    ActionSpec("disconnect_all", "Ctrl+Shift+D", "disconnect-all"),
    ActionSpec("start_demo", "Ctrl+T", "demo"),
    ActionSpec("stop_demos"),
    ActionSpec("reset_traffic", "Ctrl+R"),
    ActionSpec("focus_clients", "Alt+1"),
    ActionSpec("focus_log", "Alt+2"),
    ActionSpec("focus_composer", "Alt+3"),
    ActionSpec("classroom", "F6", "class", checkable=True),
    *(ActionSpec(f"piece_{spec.name}", checkable=True) for spec in PIECES),
    ActionSpec("run_experiment", "F8", "play"),
    ActionSpec("single_threaded", checkable=True),
    ActionSpec("projector", "F7", checkable=True),
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
        ("copy", "-", "find", "find_next", "find_previous", "-", "clear_view", "show_all", "-",
         "clear_offline"),
    ),
    (
        "menu_view",
        (
            ("menu_log_mode", ("log_text", "log_hex", "log_mixed")),
            "pause", "-", "show_setup", "show_detail",
            ("menu_focus", ("focus_clients", "focus_log", "focus_composer")),
            "-", "type_larger", "type_smaller", "type_normal", "full_screen", "-",
            ("menu_theme", ("theme_system", "theme_light", "theme_dark")),
            ("menu_language", ("language_system", "language_zh_CN", "language_en")),
        ),
    ),
    (
        "menu_service",
        ("toggle_server", "-", "disconnect", "disconnect_all", "-", "start_demo", "stop_demos",
         "-", "reset_traffic"),
    ),
    (
        "menu_classroom",
        ("classroom", "-", *(f"piece_{spec.name}" for spec in PIECES), "-", "run_experiment",
         "single_threaded", "projector"),
    ),
    ("menu_help", ("keys", "about")),
)  # fmt: skip


class Actions:
    """The window's QActions by name, wired to their handlers. GUI thread."""

    def __init__(self, owner: QWidget, handlers: Mapping[str, Callable[..., object]]) -> None:
        """Every action needs a handler; a checkable one's handler takes the checked state."""
        self._by_name: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            action = QAction(owner)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            if spec.icon:
                action.setIcon(theme().icon(spec.icon))  # follows the theme by itself
            action.setShortcuts([QKeySequence(key) for key in spec.keys.split("; ") if key])
            if spec.group:
                groups.setdefault(spec.group, QActionGroup(owner)).addAction(action)
            handler = handlers[spec.name]
            if spec.checkable:
                action.triggered.connect(handler)
            else:
                action.triggered.connect(_without_argument(handler))
            owner.addAction(action)
            self._by_name[spec.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for name, entries in MENUS:
            menu = QMenu(bar)
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
            self._by_name[spec.name].setText(tr(_words(spec.name)))


def _words(name: str) -> str:
    """A piece of the classroom is called in the menu as in its title."""
    piece = name.removeprefix("piece_")
    return f"window.{name}" if piece == name else f"classroom.{piece}"


def _without_argument(handler: Callable[[], object]) -> Callable[[bool], None]:
    # QAction.triggered hands over "checked", which plain handlers have no use for.
    def call(_checked: bool = False) -> None:
        handler()

    return call
