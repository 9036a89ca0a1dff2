"""Two runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
)

from app.journal.entry import Kind
from app.models.run_compare import (
    CHANGED,
    EXTRA,
    MISSING,
    MOST_BYTES,
    MOST_FRAMES,
    SAME,
    Comparison,
    RunCompare,
    lines_of,
    texts_of,
)
from app.models.task import TaskSlot
from app.ui.dialogs import fit_dialog
from app.ui.saving import Saving
from app.ui.theme import theme
from app.ui.widgets import FootBanner, PlainLabel
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.models.run_compare import Row, Run

MARK, LEFT_PLACE, LEFT, RIGHT_PLACE, RIGHT = range(5)
_INKS = {CHANGED: "warning", MISSING: "error", EXTRA: "accent"}
_NOTHING = Comparison([], False, False, False)
_CLIP_ROWS = 20_000
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Role = Qt.ItemDataRole


class CompareTable(QAbstractTableModel):
    """One row a message and its counterpart. GUI thread."""

    def __init__(self, runs: tuple[Run, Run], parent: Any = None) -> None:
        super().__init__(parent)
        self._labels = tuple(run.label for run in runs)
        self.encodings = (runs[0].encoding, runs[1].encoding)
        self.comparison = _NOTHING
        self._rows: list[Row] = []
        self.as_hex, self._all = False, False

    def show(self, comparison: Comparison | None = None, *, all_rows: bool, as_hex: bool) -> None:
        """Show these rows: all, or only what differs."""
        self.beginResetModel()
        self.comparison = comparison or self.comparison
        self.as_hex = as_hex
        self._rows = [row for row in self.comparison.rows if all_rows or row.mark != SAME]
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """One a pair."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """The mark, and two for each side."""
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """Whose run it is."""
        if orientation is not Qt.Orientation.Horizontal or role != _Role.DisplayRole:
            return None
        return {LEFT: self._labels[0], RIGHT: self._labels[1]}.get(section, "")

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """What a cell shows."""
        row, column = self._rows[index.row()], index.column()
        if role == _Role.ForegroundRole:
            ink = _INKS.get(row.mark)
            return theme().colour(ink) if ink else None
        if role == _Role.FontRole:
            return theme().mono_font()
        if role == _Role.AccessibleTextRole and column == MARK:
            return tr(f"compare.{_NAMES[row.mark]}")
        if role != _Role.DisplayRole:
            return None
        if column == MARK:
            return f"{row.mark} {'←' if row.kind == Kind.IN else '→'}"
        if column in (LEFT_PLACE, RIGHT_PLACE):
            place = row.places[column == RIGHT_PLACE]
            return "" if place is None else str(place)
        return texts_of(row, self.encodings, as_hex=self.as_hex)[column == RIGHT]


_NAMES = {SAME: "same", CHANGED: "changed", MISSING: "missing", EXTRA: "extra"}


class CompareDialog(QDialog):
    """Compares in the background; copied and saved as text. GUI thread."""

    def __init__(self, left: Run, right: Run, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("compare.title", left=left.label, right=right.label))
        self.model = CompareTable((left, right), self)
        self.said = PlainLabel(tr("compare.running"))
        self.said.setWordWrap(True)
        self.all_rows, self.as_hex = QCheckBox(tr("compare.all")), QCheckBox("HEX")
        self.table = _table(self.model)
        notice = FootBanner(self.table)
        self._notice, self._saving = notice, Saving(notice, self)
        self._slot = TaskSlot(self)
        self._slot.done.connect(self._on_done)
        self._slot.failed.connect(self._on_failed)
        self._lay_out()
        self._slot.start(RunCompare(left, right, self))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for box in (self.all_rows, self.as_hex):
            box.toggled.connect(self._show)
            row.addWidget(box)
        row.addStretch(1)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ActionRole
        buttons.addButton(tr("compare.copy"), role).clicked.connect(self.copy)
        buttons.addButton(tr("compare.save"), role).clicked.connect(self._save)
        buttons.addButton(QDialogButtonBox.StandardButton.Close).clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.said)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        fit_dialog(self, QSize(900, 520))

    def _show(self) -> None:
        self.model.show(all_rows=self.all_rows.isChecked(), as_hex=self.as_hex.isChecked())

    def _on_done(self, found: Comparison) -> None:
        same = found.count(SAME) == len(found.rows)
        counts = {name: f"{found.count(mark):,}" for mark, name in _NAMES.items()}
        words = [tr("compare.equal" if same else "compare.counts", **counts)]
        if found.by_chunks and not same:
            words.append(tr("compare.by_chunks"))
        if found.by_place:
            words.append(tr("compare.by_place"))
        if found.cut_short:
            bound = size_text(MOST_BYTES)
            words.append(tr("compare.cut_short", frames=f"{MOST_FRAMES:,}", size=bound))
        self.said.setText(" ".join(words))
        self.all_rows.setChecked(same)
        self.model.show(found, all_rows=same, as_hex=self.as_hex.isChecked())

    def _on_failed(self, reason: str) -> None:
        self.said.setText(tr("log.read_failed", reason=without_stop(reason)))

    def _lines(self) -> list[str]:
        model = self.model
        return list(lines_of(model.comparison, model.encodings, as_hex=model.as_hex))

    def copy(self) -> None:
        """Put it on the clipboard, as far as that is of use."""
        lines = self._lines()[:_CLIP_ROWS]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._notice.say(lambda: tr("compare.copied", n=len(lines)))

    def _save(self) -> None:
        from app.models.file_task import FileTask

        path = self._saving.ask(tr("compare.save"), f"{tr('compare.name')}.txt", "TXT (*.txt)")
        if path is not None:
            model = self.model
            lines = lines_of(model.comparison, model.encodings, as_hex=model.as_hex)
            pieces = (f"{line}\n".encode() for line in lines)
            task = FileTask("compare-save", path, pieces, len(model.comparison.rows), self)
            self._saving.write(task, path, lambda _n: tr("compare.saved", name=path.name))

    def done(self, result: int) -> None:
        """The window closes."""
        self._slot.stop()
        self._saving.stop()
        super().done(result)


def _table(model: CompareTable) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setAccessibleName(tr("compare.name"))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme().px(24))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in ((MARK, 64), (LEFT_PLACE, 60), (RIGHT_PLACE, 60)):
        table.setColumnWidth(column, theme().px(width))
    for column in (LEFT, RIGHT):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    return table
