"""The journals that are kept: open one, delete some."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMessageBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.bridge.controller import Controller
from app.journal.errors import JournalBusy, JournalError
from app.journal.shelf import Shelf, ShelfItem
from app.models.task import Task, TaskSlot
from app.paths import make_folder
from app.ui.dialogs import fit_dialog
from app.ui.files import show_folder
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.wording import tr
from app.wording.amounts import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_ITEM = Qt.ItemDataRole.UserRole


class JournalsDialog(QDialog):
    """A list of the files in the journal folder, newest first. GUI thread."""

    open_requested = Signal(object)  # Path
    journal_about_to_drop = Signal()  # the live journal will be closed: let its reader go
    journal_dropped = Signal()  # the live journal was closed and deleted: there is none now

    def __init__(self, folder: Path, controller: Controller, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder = folder
        self._controller = controller
        self.setWindowTitle(tr("window.journals_title"))
        self._looking = TaskSlot(self)
        self._looking.done.connect(self._show)
        self._list = QTreeWidget(self)
        self._list.setRootIsDecorated(False)
        self._list.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self._list.setHeaderLabels(
            [tr(f"window.journals_column_{name}") for name in ("name", "size", "time", "state")]
        )
        self._list.itemSelectionChanged.connect(self._on_selection)
        self._list.itemActivated.connect(self._open)
        self._note = PlainLabel("", self)
        self._note.setWordWrap(True)
        self._looking.failed.connect(self._note.setText)
        buttons = QDialogButtonBox(self)
        self._open_button = self._button(buttons, "open", "folder-open", self._open)
        self._delete_button = self._button(buttons, "delete", "trash", self._delete)
        self._button(buttons, "folder", "journal", self._show_folder)
        self._button(buttons, "close", "close-x", self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._list)
        column.addWidget(self._note)
        column.addWidget(buttons)
        fit_dialog(self, QSize(720, 420))
        self._fill()

    def _button(
        self, box: QDialogButtonBox, name: str, icon: str, act: Callable[[], object]
    ) -> QWidget:
        button = box.addButton(
            tr(f"window.journals_{name}"), QDialogButtonBox.ButtonRole.ActionRole
        )
        button.setIcon(theme().icon(icon))
        button.clicked.connect(lambda: act())
        return button

    def _fill(self) -> None:
        """Look through the folder in the background: each file is opened, and there may be many."""
        self._list.clear()
        self._note.setText(tr("window.journals_looking"))
        self._on_selection()
        self._looking.start(Task("journals-list", lambda _task: Shelf(self._folder).journals()))

    def done(self, result: int) -> None:
        """The dialog closes: nothing is looked for."""
        self._looking.stop()
        super().done(result)

    def _show(self, items: list[ShelfItem]) -> None:
        for item in items:
            row = QTreeWidgetItem(
                [item.path.name, size_text(item.size_bytes), _when(item), _state(item)]
            )
            row.setData(0, _ITEM, item)
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._list.addTopLevelItem(row)
        for column, width in enumerate((310, 90, 160, 120)):
            self._list.setColumnWidth(column, theme().px(width))
        total = size_text(sum(item.size_bytes for item in items))
        empty = tr("window.journals_empty")
        self._note.setText(
            tr("window.journals_total", n=len(items), size=total) if items else empty
        )
        self._on_selection()

    def _chosen(self) -> list[ShelfItem]:
        return [row.data(0, _ITEM) for row in self._list.selectedItems()]

    def _deletable(self, item: ShelfItem) -> bool:
        return not item.in_use or self._is_ours_and_idle(item)

    def _is_ours_and_idle(self, item: ShelfItem) -> bool:
        return self._controller.fleet.is_idle and self._is_ours(item)

    def _is_ours(self, item: ShelfItem) -> bool:
        journal = self._controller.journal
        return journal is not None and journal.path.resolve() == item.path.resolve()

    def _on_selection(self) -> None:
        chosen = self._chosen()
        self._open_button.setEnabled(len(chosen) == 1)
        self._open_button.setToolTip("" if len(chosen) == 1 else tr("window.journals_open_tip"))
        why_not = self._why_not_delete(chosen)
        self._delete_button.setEnabled(not why_not)
        self._delete_button.setToolTip(tr(f"window.journals_{why_not}_tip") if why_not else "")

    def _why_not_delete(self, chosen: Sequence[ShelfItem]) -> str:
        """Return "" where all of them can be deleted, else what must come first."""
        if not chosen:
            return "choose"
        in_use = [item for item in chosen if not self._deletable(item)]
        if not in_use:
            return ""
        return "delete" if any(map(self._is_ours, in_use)) else "other"

    def _open(self) -> None:
        chosen = self._chosen()
        if len(chosen) == 1:
            self.open_requested.emit(chosen[0].path)
            self.accept()

    def _delete(self) -> None:
        chosen = self._chosen()
        if chosen and self._confirmed(chosen):
            for item in chosen:
                self._delete_one(item)
            self._fill()

    def _confirmed(self, chosen: Sequence[ShelfItem]) -> bool:
        size = size_text(sum(item.size_bytes for item in chosen))
        text = tr("window.journals_confirm", n=len(chosen), size=size)
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel
        return QMessageBox.question(self, self.windowTitle(), text, yes | no, no) == yes

    def _delete_one(self, item: ShelfItem) -> None:
        if self._is_ours_and_idle(item):
            self.journal_about_to_drop.emit()
            self._controller.drop_journal()
            self.journal_dropped.emit()
        try:
            Shelf(self._folder).delete(item.path)
        except (JournalError, OSError) as error:
            reason = _why(error)
            text = tr("window.journals_failed", name=item.path.name, reason=reason)
            QMessageBox.warning(self, self.windowTitle(), text)

    def _show_folder(self) -> None:
        make_folder(self._folder)
        show_folder(self._folder, partial(QMessageBox.warning, self, self.windowTitle()))


def _why(error: JournalError | OSError) -> str:
    if isinstance(error, JournalBusy):  # since the list was made
        return tr("window.journals_in_use")
    return getattr(error, "strerror", None) or str(error)


def _when(item: ShelfItem) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(item.modified))


def _state(item: ShelfItem) -> str:
    if item.in_use:
        return tr("window.journals_in_use")
    return tr("window.journals_crashed" if item.crashed else "window.journals_kept")
