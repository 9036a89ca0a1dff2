"""The few questions and texts that need a box of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QKeySequence

from app import __version__
from app.ui.actions import ACTIONS
from app.ui.theme import set_role, theme
from app.wording import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.window import MainWindow


def confirm(parent: QWidget, what: str, count: int) -> bool:
    """Ask before `count` clients lose their connection; Enter takes the safe answer."""
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(tr("window.title"))
    box.setText(tr(f"window.confirm_{what}", n=count))
    yes = box.addButton(tr(f"window.yes_{what}"), QMessageBox.ButtonRole.DestructiveRole)
    set_role(yes, "danger")
    no = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return clicked is yes


def show_keys(window: MainWindow) -> None:
    """All keys, read from the one table of actions."""
    lines = []
    for spec in ACTIONS:
        keys = [QKeySequence(key) for key in spec.keys.split("; ") if key]
        if keys:
            name = tr(f"window.{spec.name}")
            text = " / ".join(k.toString(QKeySequence.SequenceFormat.NativeText) for k in keys)
            lines.append(f"{text}\t{name}")
    _tell(window, tr("window.keys_title"), "\n".join(lines))


def show_about(window: MainWindow) -> None:
    """What this is, and what it runs on."""
    import platform
    import sqlite3

    text = tr(
        "window.about_text",
        version=__version__,
        python=platform.python_version(),
        qt=qVersion(),
        sqlite=sqlite3.sqlite_version,
    )
    _tell(window, tr("window.about"), text)


def _tell(window: QWidget, title: str, text: str) -> None:
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(text)
    box.setIconPixmap(theme().icon("client").pixmap(theme().px(40)))
    box.exec()
    box.deleteLater()
