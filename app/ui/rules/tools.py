"""The bar above the rules' table, and its keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QToolBar, QWidget

from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

# name, icon ("": by its key alone), key
_TOOLS = (
    ("add", "plus", "Ctrl+N"), ("copy", "copy", "Ctrl+D"), ("remove", "trash", "Del"),
    ("up", "up", "Alt+Up"), ("down", "down", "Alt+Down"),
    ("undo", "undo", "Ctrl+Z"), ("redo", "", "Ctrl+Shift+Z"),
    ("import", "folder-open", "Ctrl+O"), ("export", "export", "Ctrl+S"),
    ("reset", "clear", ""),
)  # fmt: skip
_GAPS = ("remove", "down", "undo", "export")  # a line stands behind these


class RuleTools(Worded, QToolBar):
    """What can be done with the rules. GUI thread."""

    used = Signal(str)  # the tool's name

    def __init__(self, dialog: QDialog, table: QWidget) -> None:
        """The keys hold in the dialog; the one that removes only in the table."""
        super().__init__(dialog)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.actions_by_name: dict[str, QAction] = {}
        for name, icon, keys in _TOOLS:
            action = self.actions_by_name[name] = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(partial(self.used.emit, name))
            if name == "remove":
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                table.addAction(action)
            else:
                dialog.addAction(action)
            if icon:
                action.setIcon(theme().icon(icon))
                self.addAction(action)
            if name in _GAPS:
                self.addSeparator()
        self.dress()

    def enable(self, possible: Mapping[str, bool]) -> None:
        """Switch tools on or off."""
        for name, able in possible.items():
            self.actions_by_name[name].setEnabled(able)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, action in self.actions_by_name.items():
            action.setText(tr(f"rules.{name}"))
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{tr(f'rules.{name}')} {keys}".strip())

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        side = theme().px(18)
        self.setIconSize(QSize(side, side))
