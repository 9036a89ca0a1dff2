"""The protocol kits: which there are, how they fare, and what may run of the user's own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.frames.shelf import KitItem, KitShelf, KitState
from app.paths import make_folder
from app.ui.dialogs import fit_dialog
from app.ui.files import show_folder
from app.ui.kits.files import copy_kit, is_name, new_kit
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.ui.widgets.labels import plain_tooltip
from app.wording import tr
from app.wording.frames import kit_fault_sentence
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

_ITEM = Qt.ItemDataRole.UserRole
_COLUMNS = ("name", "file", "origin", "state", "speed")


class KitsDialog(QDialog):
    """Every change holds at once. GUI thread."""

    changed = Signal()  # other kits may run than before, or another text of them

    def __init__(self, shelf: KitShelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("kits.title"))
        self._shelf = shelf
        self.list = QTreeWidget()
        self.list.setHeaderLabels([tr(f"kits.column_{name}") for name in _COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setAccessibleName(tr("kits.title"))
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(True)
        self.list.currentItemChanged.connect(self._show_current)
        self.list.itemChanged.connect(self._on_checked)
        self._about = PlainLabel(role="secondary")
        self._about.setWordWrap(True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._error = FieldError()
        self.writing = QCheckBox(tr("kits.writing"))
        self.writing.setToolTip(tr("kits.writing_tip"))
        self.writing.clicked.connect(self._on_writing)
        self.copy = QPushButton(tr("kits.copy"))
        self.copy.clicked.connect(self._on_copy)
        self._lay_out()
        self.refresh()
        fit_dialog(self, QSize(720, 520))

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox()
        for words, act in (
            ("new", self._on_new),
            ("folder", self._on_folder),
        ):
            button = buttons.addButton(tr(f"kits.{words}"), QDialogButtonBox.ButtonRole.ActionRole)
            button.clicked.connect(partial(_call, act))
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close).clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.list, 1)
        for widget in (self._about, self._error, self.writing, buttons):
            column.addWidget(widget)

    def refresh(self) -> None:
        """Show the kits as they are now."""
        current = self._current
        path = current.path if current is not None else None
        self.list.blockSignals(True)
        self.list.clear()
        for item in self._shelf.items():
            row = QTreeWidgetItem(self.list)
            self._fill(row, item)
            if item.path == path:
                self.list.setCurrentItem(row)
        first = self.list.topLevelItem(0)
        if self.list.currentItem() is None and first is not None:
            self.list.setCurrentItem(first)
        self.list.blockSignals(False)
        self._show_current()

    def _fill(self, row: QTreeWidgetItem, item: KitItem) -> None:
        speed = item.kit.health.us_per_frame if item.kit is not None else None
        words = (
            item.kit.name if item.kit is not None else item.id,
            item.path.name,
            tr("kits.own" if item.own else "kits.built_in"),
            tr(f"kits.state_{item.state.value}"),
            f"{speed:.0f} µs" if speed is not None else "",
        )
        for column, text in enumerate(words):
            row.setText(column, text)
        row.setToolTip(1, plain_tooltip(str(item.path)))
        if item.state in (KitState.FAILED, KitState.TIRED, KitState.CHANGED):
            row.setForeground(3, theme().colour("error"))
        off = item.state in (KitState.OFF, KitState.CHANGED)
        row.setCheckState(0, Qt.CheckState.Unchecked if off else Qt.CheckState.Checked)
        row.setData(0, _ITEM, item)

    @property
    def _current(self) -> KitItem | None:
        row = self.list.currentItem()
        return row.data(0, _ITEM) if row is not None else None

    def _show_current(self) -> None:
        item = self._current
        self.copy.setEnabled(item is not None and not item.own)
        self.writing.setEnabled(item is not None and item.own)
        self.writing.setChecked(item is not None and item.writing)
        self._error.clear_error()
        if item is None:
            self._about.setText("")
            return
        self._about.setText(tr(f"kits.about_{item.state.value}", file=str(item.path)))
        if item.fault is not None:
            self._error.show_error(kit_fault_sentence(item.fault))

    def _on_checked(self, row: QTreeWidgetItem, column: int) -> None:
        item: KitItem = row.data(0, _ITEM)
        if column == 0:
            on = row.checkState(0) == Qt.CheckState.Checked
            # Not from here: the list is filled anew, and this row has not ended its work.
            QTimer.singleShot(0, self, partial(self.switch, item, on))

    def switch(self, item: KitItem, on: bool) -> None:
        """Let a kit run, or not; of the user's own only after a question."""
        if not on or not item.own or self._consents(item):
            self._shelf.switch(item, on)
            self.changed.emit()
        self.refresh()

    def _consents(self, item: KitItem) -> bool:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(tr("kits.title"))
        box.setText(tr("kits.consent", file=item.path.name))
        box.setInformativeText(tr("kits.consent_more", path=str(item.path)))
        yes = box.addButton(tr("kits.consent_yes"), QMessageBox.ButtonRole.AcceptRole)
        no = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(no)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return clicked is yes

    def _on_writing(self, on: bool) -> None:
        item = self._current
        if item is not None:
            self._shelf.set_writing(item, on)
            self.changed.emit()
            self.refresh()

    def _on_new(self) -> None:
        name, ok = QInputDialog.getText(self, tr("kits.new"), tr("kits.new_name"))
        if not ok:
            return
        if not is_name(name):
            self._error.show_error(tr("kits.bad_name", name=name[:40]))
            return
        self._make(name, partial(new_kit, self._shelf.own, name))

    def _on_copy(self) -> None:
        item = self._current
        if item is not None and not item.own:
            self._make(item.id, partial(copy_kit, item.path, self._shelf.own))

    def _make(self, name: str, make: Callable[[], Path]) -> None:
        try:
            path = make()
        except FileExistsError:
            self._error.show_error(tr("kits.exists", file=f"{name}.py"))
            return
        except OSError as error:
            reason = without_stop(error.strerror or str(error))
            self._error.show_error(tr("kits.not_written", file=f"{name}.py", reason=reason))
            return
        self.changed.emit()
        self.refresh()
        for at in range(self.list.topLevelItemCount()):
            row = self.list.topLevelItem(at)
            if row is not None and row.data(0, _ITEM).path == path:
                self.list.setCurrentItem(row)

    def _on_folder(self) -> None:
        # The folder, never a file: some systems run a Python file that is opened.
        make_folder(self._shelf.own)
        show_folder(self._shelf.own, self._error.show_error)


def _call(act: Callable[[], object], _checked: bool = False) -> None:
    act()
