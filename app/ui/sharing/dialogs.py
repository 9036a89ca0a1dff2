"""What goes into a file that is given away, and what a stranger's file would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.dialogs import fit_dialog
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.labels import plain_tooltip
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.sharing.words import Row


class GiveDialog(QDialog):
    """Accepted, the boxes say what goes with the settings. GUI thread."""

    def __init__(self, server: str, rules: int, commands: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("sharing.give_title"))
        self.rules = _box(tr("sharing.with_rules", n=rules), rules)
        self.commands = _box(tr("sharing.with_commands", n=commands), commands)
        column = QVBoxLayout(self)
        column.addWidget(_text(tr("sharing.give_what", server=server)))
        column.addWidget(self.rules)
        column.addWidget(self.commands)
        column.addWidget(_text(tr("sharing.give_note"), role="secondary"))
        column.addStretch(1)
        column.addWidget(_buttons(self, tr("sharing.give_go")))
        fit_dialog(self, QSize(460, 240))


class TakeDialog(QDialog):
    """Accepted, the server is to be added; `answers` says whether it may answer. GUI thread."""

    def __init__(self, name: str, rows: Sequence[Row], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("sharing.take_title"))
        self.list = QTreeWidget()
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName(tr("sharing.take_title"))
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for row in rows:
            self._add(row)
        self.answers = QCheckBox(tr("sharing.may_answer"))
        self.answers.setToolTip(tr("sharing.may_answer_tip"))
        column = QVBoxLayout(self)
        column.addWidget(_text(tr("sharing.take_what", name=name)))
        column.addWidget(self.list, 1)
        column.addWidget(self.answers)
        column.addWidget(_text(tr("sharing.take_note"), role="secondary"))
        column.addWidget(_buttons(self, tr("sharing.take_go")))
        fit_dialog(self, QSize(720, 520))

    def _add(self, row: Row) -> None:
        item = QTreeWidgetItem([row.title, row.text])
        if row.warns:
            item.setIcon(0, theme().icon("warning"))
        item.setToolTip(1, plain_tooltip(row.text))
        for title, text in row.below:
            below = QTreeWidgetItem(item, [title, text])
            for column, words in enumerate((title, text)):
                below.setToolTip(column, plain_tooltip(words))
        self.list.addTopLevelItem(item)


def _box(words: str, count: int) -> QCheckBox:
    box = QCheckBox(words)
    box.setChecked(count > 0)
    box.setEnabled(count > 0)
    return box


def _text(words: str, *, role: str = "") -> PlainLabel:
    label = PlainLabel(words, role=role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _buttons(dialog: QDialog, go: str) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    buttons.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
