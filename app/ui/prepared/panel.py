"""The panel of the commands: search, table, tools, and what is wrong."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.files import file_to_open, file_to_save
from app.ui.prepared.command import Command
from app.ui.prepared.files import export_to, import_from
from app.ui.prepared.form import CommandForm
from app.ui.prepared.table import GROUP, MESSAGE, NAME, SEND, CommandTable
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError
from app.ui.widgets.one_line import hold_what_is_shown
from app.ui.widgets.rows_view import RowsView
from app.ui.widgets.table_tools import TableTools, Tool
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QModelIndex

_TYPING_PAUSE_MS = 120
_TOOLS = (
    Tool("send", "", "Return", in_table=True),
    Tool("recall", "text", "Ctrl+Return", in_table=True), Tool("keep", "save"),
    Tool("run", "play", "Shift+Return", in_table=True),
    Tool("add", "plus", "Ins", in_table=True), Tool("edit", "note", "F2", in_table=True),
    Tool("copy", "copy", "Alt+Ins", in_table=True),
    Tool("remove", "trash", "Del", in_table=True),
    Tool("up", "up", "Alt+Up", in_table=True), Tool("down", "down", "Alt+Down", in_table=True),
    Tool("undo", "undo", "Ctrl+Z", in_table=True),
    Tool("redo", "", "Ctrl+Shift+Z", in_table=True),
    Tool("import", "folder-open", in_table=True), Tool("export", "export", in_table=True),
)  # fmt: skip
_KINDS = "JSON (*.json);;CSV (*.csv)"


class CommandPanel(Worded, QWidget):
    """Shows a CommandTable. It sends nothing itself: `send_requested` asks. GUI thread."""

    send_requested = Signal(int)  # the command's place
    recall_requested = Signal(object)  # Command: to be put into the composer
    run_requested = Signal(list, str)  # list[Command], in order, and a name for all of them
    keep_requested = Signal()  # what the composer holds is to become one

    def __init__(self, table: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.needle = QLineEdit()
        self.needle.setClearButtonEnabled(True)
        hold_what_is_shown(self.needle)
        self.group = SteadyCombo()
        self.group.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.view = _make_view(table)
        self.tools = TableTools("prepared", _TOOLS, self, self.view)
        self.view.addAction(self.tools.actions_by_name["keep"])
        self.error = FieldError(self)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._lay_out()
        self._connect()
        self._on_changed()
        self.dress()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.needle, 1)
        row.addWidget(self.group)
        self._column = QVBoxLayout(self)
        self._column.addLayout(row)
        self._column.addWidget(self.tools)
        self._column.addWidget(self.view, 1)
        self._column.addWidget(self.error)

    def _connect(self) -> None:
        self.needle.textChanged.connect(lambda: self._typing.start())
        self.needle.returnPressed.connect(self._leave_find)
        self._typing.timeout.connect(self.search)
        self.group.activated.connect(self.search)
        self.tools.used.connect(self.act)
        self.table.changed.connect(self._on_changed)
        self.view.clicked.connect(self._on_clicked)
        self.view.doubleClicked.connect(self._on_double_clicked)
        self.view.selectionModel().selectionChanged.connect(lambda: self._show_tools())
        self.table.modelReset.connect(self._show_tools)

    # -- what is shown -----------------------------------------------------------------------

    def search(self) -> None:
        """Show what is looked for."""
        self._typing.stop()
        self.table.search(self.needle.text(), self.group.currentData() or "")
        self._show_empty()

    def _leave_find(self) -> None:
        self.search()
        if self.table.rowCount():
            self.select([self.table.place(0)])
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self) -> None:
        """There may be other groups now."""
        groups, chosen = self.table.groups, self.group.currentData() or ""
        self.group.clear()
        self.group.addItem(tr("prepared.all_groups"), "")
        for group in groups:
            self.group.addItem(group, group)
        self.group.setCurrentIndex(max(self.group.findData(chosen), 0))
        self.group.setVisible(bool(groups))
        self.view.setColumnHidden(GROUP, not groups)
        if chosen and chosen not in groups:
            self.search()
        self._show_empty()
        self._show_tools()

    def _show_empty(self) -> None:
        none = "prepared.empty" if not self.table.commands else "prepared.none_found"
        self.view.nothing.setText("" if self.table.rowCount() else tr(none))

    def _show_tools(self) -> None:
        places, count, steps = self.places, len(self.table.commands), self.table.steps
        one, movable = len(places) == 1, bool(places) and self.table.is_whole
        self.tools.enable({
            "send": one, "recall": one, "edit": one, "copy": bool(places),
            "remove": bool(places), "up": movable and places[0] > 0,
            "down": movable and places[-1] < count - 1,
            "undo": steps.can_undo, "redo": steps.can_redo, "export": count > 0, "run": count > 0,
        })  # fmt: skip

    @property
    def places(self) -> list[int]:
        """The selected commands' places, ascending."""
        ranges = self.view.selectionModel().selection().toList()  # few, however many rows there are
        rows = {row for part in ranges for row in range(part.top(), part.bottom() + 1)}
        return sorted(map(self.table.place, rows))

    def select(self, places: Iterable[int]) -> None:
        """Select these commands, as far as they are shown, and bring the first into sight."""
        table, flags = self.table, QItemSelectionModel.SelectionFlag
        rows, chosen = table.rows_of(places), QItemSelection()
        for _, run in groupby(enumerate(rows), lambda item: item[1] - item[0]):
            block = [row for _, row in run]
            chosen.select(table.index(block[0], SEND), table.index(block[-1], GROUP))
        selection = self.view.selectionModel()
        selection.select(chosen, flags.ClearAndSelect)
        if rows:
            first = table.index(rows[0], NAME)
            selection.setCurrentIndex(first, flags.NoUpdate)
            self.view.scrollTo(first)

    # -- the user ----------------------------------------------------------------------------

    def _on_clicked(self, index: QModelIndex) -> None:
        # With Ctrl or Shift rows are selected.
        if index.column() == SEND and not QGuiApplication.keyboardModifiers():
            self.send_requested.emit(self.table.place(index.row()))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != SEND:
            self.act("edit")

    def act(self, name: str) -> None:
        """Use a tool."""
        self.error.clear_error()
        getattr(self, f"_do_{name}")()
        self._show_tools()

    def _do_send(self) -> None:
        self.send_requested.emit(self.places[0])

    def _do_recall(self) -> None:
        self.recall_requested.emit(self.table.commands[self.places[0]])

    def _do_run(self) -> None:
        rows = range(self.table.rowCount())
        places = self.places if len(self.places) > 1 else [*map(self.table.place, rows)]
        name = self.group.currentData() or tr("prepared.run_name", n=len(places))
        self.run_requested.emit([self.table.commands[place] for place in places], name)

    def _do_keep(self) -> None:
        self.keep_requested.emit()

    def _do_add(self) -> None:
        self.write(Command("", group=self.group.currentData() or ""))

    def write(self, command: Command, place: int = -1) -> None:
        """Let a new command be written, or the one at a place."""
        form = CommandForm(command, self.table.groups, self.window())
        accepted = form.exec() == QDialog.DialogCode.Accepted
        made = form.command
        form.deleteLater()
        if not accepted:
            return
        if place >= 0:
            self.table.put(place, made)
        else:
            place = self._behind()
            self.table.insert(place, [made])
        self.select([place])

    def _behind(self) -> int:
        return self.places[-1] + 1 if self.places else len(self.table.commands)

    def _do_edit(self) -> None:
        place = self.places[0]
        self.write(self.table.commands[place], place)

    def _do_copy(self) -> None:
        copies, place = [self.table.commands[at] for at in self.places], self._behind()
        self.table.insert(place, copies)
        self.select(range(place, place + len(copies)))

    def _do_remove(self) -> None:
        places = self.places
        row = self.table.rows_of(places)[0]
        self.table.remove(places)
        self.select([self.table.place(min(row, self.table.rowCount() - 1))])

    def _do_up(self) -> None:
        self._move(self.places[0] - 1)

    def _do_down(self) -> None:
        self._move(self.places[-1] + 2)

    def _move(self, before: int) -> None:
        places = self.places
        start = self.table.move(places, before)
        self.select(range(start, start + len(places)))

    def _do_redo(self) -> None:
        self._do_undo(redo=True)

    def _do_undo(self, *, redo: bool = False) -> None:
        places = self.places
        self.table.undo(redo=redo)
        self.select(place for place in places if place < len(self.table.commands))

    def _do_import(self) -> None:
        kinds = f"JSON, CSV (*.json *.csv);;{_KINDS}"
        if path := file_to_open(self, tr("prepared.import"), kinds):
            self.import_from(path)

    def _do_export(self) -> None:
        chosen = file_to_save(self, tr("prepared.export"), "commands.json", _KINDS)
        if chosen is not None:
            where, kind = chosen
            suffix = ".csv" if "csv" in kind else ".json"
            self.export_to(where if where.suffix else where.with_name(where.name + suffix))

    def import_from(self, path: Path) -> None:
        """Add the commands of a file behind those there are; or say why none can be taken."""
        commands, complaint = import_from(path)
        if complaint:
            self.error.show_error(complaint)
            return
        self.table.insert(start := len(self.table.commands), commands)
        self.select([start])

    def export_to(self, path: Path) -> None:
        """Write all commands into a file."""
        self.error.show_error(export_to(path, self.table.commands))

    # -- looks -------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for say in (self.needle.setPlaceholderText, self.needle.setAccessibleName):
            say(tr("prepared.find"))
        self.group.setAccessibleName(tr("prepared.column_group"))
        self.group.setToolTip(tr("prepared.group_tip"))
        self.group.setItemText(0, tr("prepared.all_groups"))
        self.view.setAccessibleName(tr("prepared.title"))
        self.table.retranslate()
        self._show_empty()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(*[px(6)] * 4)
        self._column.setSpacing(px(6))
        self.group.setMaximumWidth(px(120))
        self.view.setIconSize(QSize(px(16), px(16)))
        for column, width in ((SEND, 44), (NAME, 110), (GROUP, 64)):
            self.view.setColumnWidth(column, px(width))


def _make_view(table: CommandTable) -> RowsView:
    view = RowsView(table, MESSAGE)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
    view.setDragDropOverwriteMode(False)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return view
