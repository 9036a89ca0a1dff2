"""The few questions and texts that need a box of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, qVersion

from app import __version__
from app.ui.fit import FRAME
from app.ui.keys import all_keys
from app.ui.theme import set_role, theme
from app.ui.widgets import PlainLabel
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
    """All keys, read from the tables of commands and parts."""
    from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

    table = QTreeWidget()
    table.setHeaderLabels([tr("window.keys_key"), tr("window.keys_does")])
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    for row in all_keys(window.commands):
        table.addTopLevelItem(QTreeWidgetItem(list(row)))
    table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.setAccessibleName(tr("window.keys_title"))
    _show(window, tr("window.keys_title"), table, QSize(440, 560))


def show_about(window: MainWindow) -> None:
    """What this is, and what it runs on."""
    import platform
    import sqlite3

    from PySide6.QtWidgets import QScrollArea

    text = PlainLabel(
        tr(
            "window.about_text",
            version=__version__,
            python=platform.python_version(),
            qt=qVersion(),
            sqlite=sqlite3.sqlite_version,
        )
    )
    text.setWordWrap(True)
    text.setAlignment(Qt.AlignmentFlag.AlignTop)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(text)
    _show(window, tr("window.about"), area, QSize(420, 260))


def fit_dialog(dialog: QWidget, wanted: QSize) -> None:
    """Let a dialog be as large as `wanted`, in the design's pixels, or as its screen allows."""
    px = theme().px
    room = dialog.screen().availableSize() - FRAME
    dialog.resize(QSize(px(wanted.width()), px(wanted.height())).boundedTo(room))


def _show(window: QWidget, title: str, content: QWidget, wanted: QSize) -> None:
    from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout

    dialog = QDialog(window)
    dialog.setWindowTitle(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(content)
    column.addWidget(buttons)
    fit_dialog(dialog, wanted)
    content.setFocus()
    dialog.exec()
    dialog.deleteLater()
